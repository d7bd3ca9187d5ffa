using Tributary.Finance.State;

namespace Tributary.Finance.Tests.State;

public sealed class AddressTableTests
{
    [Theory]
    [InlineData(40, 1)]
    [InlineData(3000, 1)]
    [InlineData(3000, 1UL << 32)]
    [InlineData(100_000, (1UL << 32) + 1)]
    public void It_is_a_dictionary_in_which_an_empty_leaf_is_none(int range, ulong step)
    {
        var random = new TestRandom((ulong)range);
        var table = new AddressTable<BalanceLeaf>();
        var oracle = new Dictionary<ulong, BalanceLeaf>();
        for (var i = 0UL; i < 40_000; i++)
        {
            var address = unchecked((ulong)random.Next(range) * step);
            switch (random.Next(3))
            {
                case 0:
                    table.Place(address) = default;
                    oracle.Remove(address);
                    break;
                case 1:
                    oracle[address] = table.Place(address) = new BalanceLeaf(i + 1);
                    break;
                default:
                    Assert.Equal(oracle.GetValueOrDefault(address), table[address]);
                    break;
            }
        }

        Assert.Equal(oracle.Keys.Order(), table.Addresses().Order());
        foreach (var (address, value) in oracle)
            Assert.Equal(value, table[address]);
    }

    [Fact]
    public void The_outermost_addresses_are_places_like_any()
    {
        var table = new AddressTable<BalanceLeaf>();
        foreach (var address in (ulong[])[0, 1, ulong.MaxValue, 1UL << 63])
        {
            Assert.True(table[address].IsEmpty);
            table.Place(address) = new BalanceLeaf(address + 7);
            Assert.Equal(new BalanceLeaf(address + 7), table[address]);
            Assert.Equal([address], table.Addresses());
            table.Place(address) = default;
            Assert.Empty(table.Addresses());
        }
    }

    [Fact]
    public void Leaves_that_come_and_go_take_no_more_room_than_stay()
    {
        var table = new AddressTable<BalanceLeaf>();
        for (var address = 1UL; address < 100; address++)
            table.Place(address) = new BalanceLeaf(address);
        for (var address = 1000UL; address < 200_000; address++)
        {
            table.Place(address) = new BalanceLeaf(address);
            table.Place(address) = default;
        }

        // Each time that it is full it is laid out anew for a hundred leaves: never more than 256 places.
        Assert.Equal(99, table.Addresses().Count());
        Assert.Equal(256, table.Capacity);
    }
}
