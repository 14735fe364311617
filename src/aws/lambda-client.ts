/** What is used of the SDK for Lambda, in a file of its own: what is loaded with it can then be loaded late. */
export {
  DurableExecutionAlreadyStartedException,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
