# A student's code: only in assignments of cases that have variants. It stands before the workbook is opened.

# %% [markdown] id=code-intro
# **Have you been given a code?** Put it between the quotation marks and run the cell. It sets some of the numbers of
# this case for you alone, and the page below says which. No code: leave it empty, and the printed numbers count.

# %% id=code answer=code
code = ""   # for example "7KQ2-M9TX"
