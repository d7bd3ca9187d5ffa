using Tributary.Rollup.Swaps;
using Tributary.Rollup.Tests.Swaps;
using Tributary.Testing.Bitcoind;

namespace Tributary.Rollup.Interop.Tests.Swaps;

/// <summary>What the swaps of <c>Tributary.Rollup.Tests</c> do on a chain of our own, on a real bitcoind: one process for all of them.</summary>
public sealed class SwapOnBitcoindTests(BitcoindFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<SwapDirection, int, int> Aborts() => SwapWorld.Aborts();

    [Theory]
    [InlineData(SwapDirection.In)]
    [InlineData(SwapDirection.Out)]
    public async Task A_swap_pays_both_sides_on_a_real_bitcoind(SwapDirection direction)
    {
        await using var world = await SwapWorld.CreateAsync(direction, await BitcoindTestChain.CreateAsync(await RollupWorld.GetSharedNodeAsync(fixture, Token), Token));
        await world.RunToTheEndAsync();
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task The_same_on_a_real_bitcoind(SwapDirection direction, int clientSteps, int providerSteps)
    {
        await using var world = await SwapWorld.CreateAsync(direction, await BitcoindTestChain.CreateAsync(await RollupWorld.GetSharedNodeAsync(fixture, Token), Token), clientSteps, providerSteps);
        await world.LeaveAsync();
    }
}
