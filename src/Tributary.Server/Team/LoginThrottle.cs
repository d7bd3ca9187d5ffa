using System.Net;

namespace Tributary.Server.Team;

/// <summary>
/// How often sign-ins may fail from one address before it has to wait, beside the lock of each account: somebody who tries one password on many
/// accounts locks none of them. IPv6 counts by the network of 64 bits that one customer has. In memory: a restart forgives.
/// </summary>
internal sealed class LoginThrottle(TimeProvider clock)
{
    /// <summary>So many failures within <see cref="Window"/>; then the address waits.</summary>
    internal const int FailuresMax = 40;

    /// <summary>Addresses that are remembered at most; beyond that the oldest window is forgotten first.</summary>
    internal const int AddressesMax = 10_000;

    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Failures)> _addresses = new(StringComparer.Ordinal);

    /// <summary>May this address try?</summary>
    public bool MayTry(IPAddress? address)
    {
        lock (_lock)
            return !_addresses.TryGetValue(NameOf(address), out var seen) || clock.GetUtcNow() - seen.Since >= Window || seen.Failures < FailuresMax;
    }

    /// <summary>Counts a failure.</summary>
    public void Fail(IPAddress? address)
    {
        var name = NameOf(address);
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            if (_addresses.TryGetValue(name, out var seen) && now - seen.Since < Window)
            {
                _addresses[name] = seen with { Failures = seen.Failures + 1 };
                return;
            }

            if (!_addresses.ContainsKey(name) && _addresses.Count >= AddressesMax)
                Forget(now);
            _addresses[name] = (now, 1);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var name in _addresses.Where(pair => now - pair.Value.Since >= Window).Select(static pair => pair.Key).ToList())
            _addresses.Remove(name);
        if (_addresses.Count >= AddressesMax)
            _addresses.Remove(_addresses.MinBy(static pair => pair.Value.Since).Key);
    }

    private static string NameOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
