using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Routing;

public sealed class LiquidityMemoryTests
{
    private static readonly DirectedChannel s_channel = new(SampleGraphs.Channel(1), 0);

    [Fact]
    public void Bounds_stay_in_order_and_within_the_capacity_and_fade() =>
        Check.QuickThrowOnFailure(Prop.ForAll((uint[] amounts, ushort step, uint capacity) =>
        {
            var memory = new LiquidityMemory();
            var now = 0L;
            foreach (var amount in amounts)
            {
                if (amount % 3 == 0)
                    memory.Failed(s_channel, new MilliSatoshis(amount), now);
                else if (amount % 3 == 1)
                    memory.Passed(s_channel, new MilliSatoshis(amount), now);
                else
                    memory.Settled(s_channel, new MilliSatoshis(amount), now);
                memory.TryGetBounds(s_channel, capacity, now, out var lower, out var upper);
                Assert.InRange(lower, 0, upper);
                Assert.InRange(upper, 0, capacity);
                now += step * 1000L;
            }

            memory.TryGetBounds(s_channel, capacity, now + (100 * 3_600_000L), out var nothing, out var all);
            Assert.Equal((0, capacity), (nothing, all));
        }));

    [Fact]
    public void After_a_half_life_half_is_left()
    {
        var memory = new LiquidityMemory();
        memory.Failed(s_channel, new MilliSatoshis(1001), 0);
        memory.Passed(s_channel, new MilliSatoshis(500), 0);
        Assert.True(memory.TryGetBounds(s_channel, 3000, 0, out var lower, out var upper));
        Assert.Equal((500, 1000), (lower, upper));
        Assert.True(memory.TryGetBounds(s_channel, 3000, 3_600_000, out lower, out upper));
        Assert.Equal((250, 2000), (lower, upper));
    }

    [Fact]
    public void What_was_settled_can_come_back()
    {
        var memory = new LiquidityMemory();
        memory.Passed(s_channel, new MilliSatoshis(900), 0);
        memory.Settled(s_channel, new MilliSatoshis(600), 0);
        Assert.True(memory.TryGetBounds(s_channel, 3000, 0, out var lower, out _));
        Assert.Equal(300, lower);
        Assert.True(memory.TryGetBounds(s_channel.Reversed, 3000, 0, out lower, out _));
        Assert.Equal(600, lower);
    }

    [Fact]
    public void Memory_is_bounded_and_the_oldest_goes_first()
    {
        var memory = new LiquidityMemory(entriesMax: 20);
        for (var i = 0; i < 100; i++)
            memory.Failed(new DirectedChannel(SampleGraphs.Channel(i), 0), new MilliSatoshis(5), i);
        Assert.InRange(memory.Count, 15, 20);
        Assert.False(memory.TryGetBounds(new DirectedChannel(SampleGraphs.Channel(0), 0), 100, 100, out _, out _));
        Assert.True(memory.TryGetBounds(new DirectedChannel(SampleGraphs.Channel(99), 0), 100, 100, out _, out _));
        Assert.True(memory.Filter.MayContain(SampleGraphs.Channel(99).Value));
    }
}
