using FsCheck;
using FsCheck.Fluent;
using Tributary.Finance.State;

namespace Tributary.Finance.Tests.State;

public sealed class AddressSorterTests
{
    [Fact]
    public void Addresses_are_sorted_and_equal_ones_keep_their_order()
    {
        var sorter = new AddressSorter();
        Check.QuickThrowOnFailure(Prop.ForAll((ulong[] any, byte few, ushort repeat) =>
            Sorts(sorter, any) && Sorts(sorter, [.. any.Select(address => address % (few + 1u))]) && Sorts(sorter, [.. Enumerable.Range(0, repeat % 2_000).Select(i => any.Length == 0 ? (ulong)i << few % 64 : any[i % any.Length])])));
    }

    private static bool Sorts(AddressSorter sorter, ulong[] addresses)
    {
        addresses.CopyTo(sorter.Begin(addresses.Length));
        var places = sorter.Sort().ToArray();
        int[] expected = [.. Enumerable.Range(0, addresses.Length).OrderBy(i => addresses[i])];
        return places.AsSpan().SequenceEqual(expected) && sorter.Addresses.SequenceEqual([.. expected.Select(i => addresses[i])]);
    }
}
