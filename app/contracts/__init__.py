"""The life of a contract: draft, sending, confirming, signing, withdrawing, completing."""
