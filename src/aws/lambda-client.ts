/** The parts of the Lambda SDK that are used, in a file of their own so that they can be loaded lazily. */
export { DurableExecutionAlreadyStartedException, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
