"""What only AWS can tell: `roadworthy check --online` asks it, and never changes anything.

`checks` holds one file for each check; `subjects` finds in the documents what they ask about; `aws` asks, `operations`
lists every question that there is; `engine` holds what a check is made with and what runs it. boto3 is imported only
when a session is opened.
"""
