using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

public sealed class RestoreTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    [Fact]
    public async Task A_seed_and_a_backup_bring_the_money_back_from_any_later_state()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChannelPair.StartAsync(bitcoind, ldk, weOpen: true, cancellationToken);
        var backup = await pair.Ours.CallAsync("backup", cancellationToken, ("file", "channels.backup"), ("words", "true"));
        Assert.Equal(1, backup.GetProperty("channels").GetInt32());

        // The channel goes on: the backup knows nothing of it.
        for (var i = 0; i < 3; i++)
            await pair.LdkPaysAsync(30_000_000, cancellationToken);
        await pair.Ours.KillAsync(cancellationToken);
        await using var restored = await pair.Ours.RestoreAsync(backup.GetProperty("file").GetString()!, backup.GetProperty("words").GetString()!, cancellationToken);
        Assert.Equal(pair.Ours.Id, restored.Id);

        // We say that we have lost the state; the peer closes with its own.
        await restored.TryCallAsync("connect", cancellationToken, ("peer", pair.Ldk.Address));
        await pair.Ldk.WaitAsync("channel_closed", cancellationToken);
        while ((await pair.Chain.RpcAsync("getrawmempool", cancellationToken)).GetArrayLength() == 0)
            await Task.Delay(20, cancellationToken);
        for (var i = 0; i < 12; i++)
        {
            var height = await Mine.BlocksAsync(pair.Chain, 1, cancellationToken);
            await restored.WaitForHeightAsync(height, cancellationToken);
            await Task.Delay(100, cancellationToken);
        }

        // 0.2 BTC less the million, and our 690,000 back, less fees.
        await restored.WaitAsync("balance", static balance => balance.GetProperty("confirmed_sat").GetInt64() > 20_000_000 - 1_000_000 + 690_000 - 10_000, cancellationToken);
    }
}
