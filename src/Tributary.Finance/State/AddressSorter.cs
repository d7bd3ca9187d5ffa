using System.Numerics;

namespace Tributary.Finance.State;

/// <summary>
/// Sorts addresses and says where each stood; equal ones keep their order. A radix sort of the bytes in which addresses differ at all, few of them; its memory
/// is kept from one time to the next. One owner.
/// </summary>
public sealed class AddressSorter
{
    private const int Radix = 256;
    private const int FewMax = 48;

    private readonly int[] _counts = new int[Radix];
    private ulong[] _addresses = [];
    private ulong[] _otherAddresses = [];
    private int[] _places = [];
    private int[] _otherPlaces = [];
    private int _count;

    /// <summary>Room for so many addresses, to be filled; sorted after <see cref="Sort"/>.</summary>
    public Span<ulong> Begin(int count)
    {
        if (_addresses.Length < count)
        {
            var length = (int)BitOperations.RoundUpToPowerOf2((uint)count);
            (_addresses, _otherAddresses) = (new ulong[length], new ulong[length]);
            (_places, _otherPlaces) = (new int[length], new int[length]);
        }

        _count = count;
        return _addresses.AsSpan(0, count);
    }

    /// <summary>The addresses, sorted.</summary>
    public ReadOnlySpan<ulong> Addresses => _addresses.AsSpan(0, _count);

    /// <summary>Sorts; gives for each address where it stood.</summary>
    public ReadOnlySpan<int> Sort()
    {
        for (var i = 0; i < _count; i++)
            _places[i] = i;
        if (_count <= FewMax)
            Insert();
        else
            Distribute();
        return _places.AsSpan(0, _count);
    }

    private void Insert()
    {
        for (var i = 1; i < _count; i++)
        {
            var (address, place) = (_addresses[i], _places[i]);
            var to = i;
            for (; to > 0 && _addresses[to - 1] > address; to--)
                (_addresses[to], _places[to]) = (_addresses[to - 1], _places[to - 1]);
            (_addresses[to], _places[to]) = (address, place);
        }
    }

    private void Distribute()
    {
        var differing = 0UL;
        foreach (var address in Addresses)
            differing |= address ^ _addresses[0];
        for (var shift = 0; shift < 64; shift += 8)
        {
            if ((byte)(differing >> shift) == 0)
                continue;
            Array.Clear(_counts);
            foreach (var address in Addresses)
                _counts[(byte)(address >> shift)]++;
            for (int digit = 0, sum = 0; digit < Radix; digit++)
                (_counts[digit], sum) = (sum, sum + _counts[digit]);
            for (var i = 0; i < _count; i++)
            {
                ref var to = ref _counts[(byte)(_addresses[i] >> shift)];
                (_otherAddresses[to], _otherPlaces[to]) = (_addresses[i], _places[i]);
                to++;
            }

            (_addresses, _otherAddresses) = (_otherAddresses, _addresses);
            (_places, _otherPlaces) = (_otherPlaces, _places);
        }
    }
}
