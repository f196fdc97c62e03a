"""A new version next to the old one on one Docker host: `roadworthy rolling-update`.

`plan` says what is to be done, `update` does it in six steps, `going_back` undoes it, `leftovers` mends what a killed
run left. Docker, HTTP, time and Ctrl-C are given to them: see `surroundings`.
"""
