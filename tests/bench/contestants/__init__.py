"""The same reduced work on several platforms, each a program of its own: `python -m ... TASK`, see `meter`.

Drop repeated ids, count the statements of each learner, add up durations in windows of 60 seconds, and keep
all three so that a crash loses none of it. They import the standard library, `meter` and their own platform,
so that each can run in an environment of its own.
"""
