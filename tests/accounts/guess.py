"""A process that guesses: `python -m tests.accounts.guess URL PHONE FIRST COUNT`, with the keys of the tests.

Prints one line for each guess: what refused it.
"""

import sys

from app.accounts.codes import CodePurpose, check_code
from app.core import crypto, db
from app.core.errors import DomainError


def main() -> None:
    url, phone, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    crypto.configure(crypto.Keyring("test", {"test": b"k" * 32}, b"i" * 32))
    db.configure(url)
    sys.stdin.readline()  # all start together
    for number in range(first, first + count):
        try:
            check_code(phone=phone, purpose=CodePurpose.LOGIN, subject="worker", code=f"{number % 1_000_000:06d}")
            sys.stdout.write("in\n")
        except DomainError as refused:
            sys.stdout.write(f"{refused.code}\n")
    db.dispose()


if __name__ == "__main__":
    main()
