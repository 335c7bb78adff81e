"""Read by Python itself when it starts with this folder on its path: go along in time.

THRIVE_TEST_SHIFT says by how many seconds the asking process is ahead of the real clock.
"""

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["THRIVE_TEST_SHIFT"])).start()
