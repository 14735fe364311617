/** Source: the partitions of the AWS SDK's endpoint rules. All others are under amazonaws.com. */
const places = [
  { partition: 'aws-cn', regions: 'cn-', suffix: 'amazonaws.com.cn' },
  { partition: 'aws-eusc', regions: 'eusc-', suffix: 'amazonaws.eu' },
  { partition: 'aws-iso', regions: 'us-iso-', suffix: 'c2s.ic.gov' },
  { partition: 'aws-iso-b', regions: 'us-isob-', suffix: 'sc2s.sgov.gov' },
  { partition: 'aws-iso-e', regions: 'eu-isoe-', suffix: 'cloud.adc-e.uk' },
  { partition: 'aws-iso-f', regions: 'us-isof-', suffix: 'csp.hci.ic.gov' },
];

export function dnsSuffixOfPartition(name: string): string {
  return places.find(({ partition }) => partition === name)?.suffix ?? 'amazonaws.com';
}

export function dnsSuffixOfRegion(region: string): string {
  return places.find(({ regions }) => region.startsWith(regions))?.suffix ?? 'amazonaws.com';
}
