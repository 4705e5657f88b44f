"""Validates the objects of OCFL stores with ocfl-py, for `cargo xtask torture`.

Reads a JSON document per line: the path of a storage root, and those of objects. Prints a JSON list
with the errors per line.
"""

import contextlib
import io
import json
import logging
import sys

import ocfl
from ocfl.validator import Validator

logging.disable(logging.CRITICAL)

answers = sys.stdout
for line in sys.stdin:
    request = json.loads(line)
    errors = []
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        root = ocfl.StorageRoot(root=request["root"])
        is_root = request["validates_root"]
        if is_root and not root.validate(validate_objects=False, log_errors=True):
            errors.append("the storage root: " + output.getvalue())
        for path in request["objects"]:
            validator = Validator(log_errors=True)
            if not validator.validate_object(path):
                errors.append(path + ": " + str(validator))
    print(json.dumps(errors), file=answers, flush=True)
