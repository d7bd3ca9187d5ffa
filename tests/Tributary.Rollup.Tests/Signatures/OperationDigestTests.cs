using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Tests.Signatures;

public sealed class OperationDigestTests
{
    [Fact]
    public void Everything_that_is_signed_changes_the_digest()
    {
        var rollup = new Bytes32([.. Enumerable.Repeat((byte)3, 32)]);
        var transfer = new Transfer(AssetId.Bitcoin, new AccountId(5), 6);
        var terms = new Authorisation(new AccountId(7), 8, 9, 10);
        OperationRequest[] requests =
        [
            new(transfer, terms),
            new(transfer with { Asset = new AssetId(1) }, terms),
            new(transfer with { To = new AccountId(6) }, terms),
            new(transfer with { Amount = 7 }, terms),
            new(transfer, terms with { Account = new AccountId(8) }),
            new(transfer, terms with { Index = 9 }),
            new(transfer, terms with { Fee = 10 }),
            new(transfer, terms with { Expiry = 11 }),
            new(new TransferMany(AssetId.Bitcoin, [new Payment(new AccountId(5), 6)]), terms),
        ];
        var digests = requests.Select(request => OperationDigest.Compute(rollup, request)).Append(OperationDigest.Compute(default, requests[0])).ToArray();
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(digests[0], OperationDigest.Compute(rollup, requests[0]));
        Assert.Throws<ArgumentException>(() => OperationDigest.Compute(rollup, new OperationRequest(transfer, null)));
    }
}
