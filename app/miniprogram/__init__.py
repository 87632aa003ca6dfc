"""What only the WeChat and Alipay mini-programs have: logging in there, the platform's phone number, messages."""
