using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Wire;

public sealed class ChannelIdTests
{
    [Fact]
    public void The_output_index_is_mixed_into_the_last_two_bytes_of_the_transaction_id()
    {
        var txid = new TxId(new Bytes32(Enumerable.Repeat((byte)0xff, 32).ToArray()));
        Assert.Equal(new string('f', 60) + "fefd", ChannelId.Of(new OutPoint(txid, 0x0102)).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => ChannelId.Of(new OutPoint(txid, 65536)));
    }
}
