using System.Buffers.Binary;
using Tributary.Primitives.Contracts;

namespace Tributary.Lightning.Peers;

/// <summary>When to dial a peer again: at growing distances, each a little random so that two nodes do not keep missing each other.</summary>
public sealed class RedialSchedule(PeerLimits limits, IEntropy entropy)
{
    private static readonly TimeSpan s_stable = TimeSpan.FromMinutes(1);

    private int _failures;

    /// <summary>A connection is over or did not come about; how long to wait before the next attempt.</summary>
    /// <param name="lasted">How long it lasted: one that lasted starts the distances over.</param>
    public TimeSpan Next(TimeSpan lasted)
    {
        if (lasted >= s_stable)
            _failures = 0;
        var delay = limits.RedialDelay * Math.Pow(2, Math.Min(_failures++, 30));
        if (delay > limits.RedialDelayMax)
            delay = limits.RedialDelayMax;
        Span<byte> random = stackalloc byte[sizeof(uint)];
        entropy.Fill(random);

        // Three quarters to five quarters.
        return delay * (0.75 + (BinaryPrimitives.ReadUInt32LittleEndian(random) / (double)uint.MaxValue / 2));
    }
}
