using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Node.Reports;

public sealed class ClaimTextTests
{
    [Fact]
    public void Every_kind_of_output_is_told_without_its_name_in_the_code()
    {
        Assert.Equal("Everything is claimed; it is watched until it is deep.", ClaimText.Describe([]));
        Assert.Equal("One amount is on its way: 7 sat (our balance, nothing to send yet).", ClaimText.Describe([Of(OutputKind.ToRemote)]));
        foreach (var kind in Enum.GetValues<OutputKind>())
        {
            var told = ClaimText.Describe([Of(kind), Of(kind)]);
            Assert.StartsWith("2 amounts are on their way: 7 sat (", told, StringComparison.Ordinal);
            Assert.True(kind == OutputKind.ToRemote || !told.Contains(kind.ToString(), StringComparison.Ordinal), told);
        }
    }

    private static PendingOutput Of(OutputKind kind) => new(default, new Satoshis(7), kind, null, null);
}
