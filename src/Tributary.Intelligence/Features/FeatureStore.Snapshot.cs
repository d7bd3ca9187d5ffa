using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Features.State;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Features;

/// <content>
/// Snapshots. A store restored from one and given the calls that came after it is the store that never stopped, bit for bit. Layout, numbers of
/// eight bytes in little endian: magic and version, the set's fingerprint, options, clock, totals, known frauds, each history, SHA-256 of all.
/// </content>
public sealed partial class FeatureStore
{
    /// <summary>"TRIBFEAT" and the version of the layout.</summary>
    private const long Magic = 0x5441454642495254;

    private const long Version = 1;

    /// <summary>Writes the whole state.</summary>
    /// <param name="stream">Where to; neither flushed nor closed.</param>
    public void SaveTo(Stream stream)
    {
        using var writer = new SnapshotWriter(stream);
        writer.WriteInt64(Magic);
        writer.WriteInt64(Version);
        writer.WriteBytes(Set.Fingerprint.AsSpan());
        writer.WriteInt64(_options.MaxEntities);
        writer.WriteInt64(_options.MaxCells);
        writer.WriteInt64(_options.MaxDistinct);
        writer.WriteInt64(_options.MaxMedian);
        writer.WriteInt64(_options.MaxHistoryBytes);
        writer.WriteInt64(_options.MaxLabels);
        writer.WriteInt64(_options.MaxClockRegression.Ticks);
        writer.WriteInt64(_clockMs);
        writer.WriteInt64(_payments);
        writer.WriteInt64(_amounts);
        writer.WriteInt64(_labels.Count);
        foreach (var payment in _labels.Payments)
            writer.WriteInt64((long)payment);
        foreach (var history in _histories)
            history.Save(writer);
        writer.Finish();
    }

    /// <summary>
    /// Reads what <see cref="SaveTo"/> wrote, with the options of that store: they decide what is forgotten, so a replay needs the same ones. A snapshot
    /// that is damaged, of another version or of other features is refused.
    /// </summary>
    public static Result<FeatureStore, Refusal> Restore(FeatureSet set, Stream stream)
    {
        using var reader = new SnapshotReader(stream);
        if (reader.ReadInt64() != Magic)
            return new Refusal("snapshot", "is not one of a feature store");
        if (reader.ReadInt64() is var version && version != Version)
            return new Refusal("snapshot", $"has version {version}; this program reads version {Version}");
        Span<byte> fingerprint = stackalloc byte[set.Fingerprint.Length];
        reader.ReadBytes(fingerprint);
        if (!fingerprint.SequenceEqual(set.Fingerprint.AsSpan()))
            return new Refusal("snapshot", "is of other features");
        if (ReadOptions(reader) is not { } options)
            return new Refusal("snapshot", "has options out of their range");

        var store = new FeatureStore(set, options);
        store.Load(reader);
        return reader.Finish() ? store : new Refusal("snapshot", "is damaged");
    }

    private static FeatureStoreOptions? ReadOptions(SnapshotReader reader)
    {
        var options = new FeatureStoreOptions
        {
            MaxEntities = (int)reader.ReadInt64(0, int.MaxValue),
            MaxCells = (int)reader.ReadInt64(0, int.MaxValue),
            MaxDistinct = (int)reader.ReadInt64(0, int.MaxValue),
            MaxMedian = (int)reader.ReadInt64(0, int.MaxValue),
            MaxHistoryBytes = reader.ReadInt64(0, long.MaxValue),
            MaxLabels = (int)reader.ReadInt64(0, int.MaxValue),
            MaxClockRegression = TimeSpan.FromTicks(reader.ReadInt64(0, long.MaxValue)),
        };
        return !reader.IsDamaged && options.Fault() is null ? options : null;
    }

    private void Load(SnapshotReader reader)
    {
        _clockMs = reader.ReadInt64(0, PaymentEvent.MaxTimeMs);
        _payments = reader.ReadInt64(0, long.MaxValue);
        _amounts = reader.ReadInt64();
        var labels = reader.ReadInt64(0, _options.MaxLabels);
        for (var i = 0L; i < labels && !reader.IsDamaged; i++)
            reader.Require(_labels.TryApply((ulong)reader.ReadInt64(), isFraud: true));
        foreach (var history in _histories)
            history.Load(reader);
    }
}
