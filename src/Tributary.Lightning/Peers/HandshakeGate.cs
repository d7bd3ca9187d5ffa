using System.Net;
using System.Net.Sockets;

namespace Tributary.Lightning.Peers;

/// <summary>
/// Lets strangers in at a pace: a handshake costs four curve multiplications, which whoever dials should not be able to spend for us without
/// limit. Addresses are remembered while their allowance is not full again, and never more of them than a bound.
/// </summary>
public sealed class HandshakeGate(PeerLimits limits)
{
    private const int AddressesMax = 16_384;

    private readonly Lock _sync = new();
    private readonly Dictionary<IPAddress, TokenBucket> _addresses = [];
    private int _underWay;

    /// <summary>May a handshake with this address begin? Where it may, <see cref="Leave"/> follows when it is over.</summary>
    public bool TryEnter(IPAddress address, TimeSpan now)
    {
        lock (_sync)
        {
            if (_underWay >= limits.HandshakesMax)
                return false;
            var network = NetworkOf(address);
            if (!_addresses.TryGetValue(network, out var bucket))
            {
                if (_addresses.Count >= AddressesMax && Forget(now) == 0)
                    return false;
                bucket = new TokenBucket(1 / limits.HandshakeEvery.TotalSeconds, limits.HandshakesPerAddress);
            }

            var isAllowed = bucket.TryTake(now);
            _addresses[network] = bucket;
            if (isAllowed)
                _underWay++;
            return isAllowed;
        }
    }

    /// <summary>A handshake that was let in is over, well or not.</summary>
    public void Leave()
    {
        lock (_sync)
            _underWay--;
    }

    // Who has an IPv6 address has 2^64 of them.
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private int Forget(TimeSpan now)
    {
        var idle = _addresses.Where(pair => pair.Value.IsFull(now)).Select(static pair => pair.Key).ToArray();
        foreach (var address in idle)
            _addresses.Remove(address);
        return idle.Length;
    }
}
