"""The time that each hop of a query may take: less with every hop, so that the innermost one fails first.

A caller that gives up before the called one leaves work running that nobody waits for, and says "timed out" where
the inner hop would have said why. API Gateway ends every request after 29 s, so all must fit below:
https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html

Inside the handler the limit is 20 s, whatever `REQUEST_TIMEOUT` asks for (containers/query_handler); DynamoDB's
client gives up after about 6 s (lambdas/query_result).
"""

import aws_cdk as cdk

PUBLIC_INTEGRATION = cdk.Duration.seconds(29)  # public API -> query Lambda
QUERY_FUNCTION = cdk.Duration.seconds(28)  # the query Lambda as a whole
HANDLER_REQUEST = cdk.Duration.seconds(25)  # query Lambda -> load balancer -> handler
INTERNAL_INTEGRATION = cdk.Duration.seconds(15)  # internal API -> query-result Lambda
QUERY_RESULT_FUNCTION = cdk.Duration.seconds(12)  # the query-result Lambda as a whole

# Not part of a query: one batch of the stream, with time for its retries.
STREAM_FUNCTION = cdk.Duration.seconds(60)
