namespace Tributary.Lightning.Channels;

/// <summary>
/// What came of an input: records that are already applied in memory and have to be durable before anything else happens, and effects for
/// afterwards.
/// </summary>
public sealed class ChannelStep
{
    private readonly List<ChannelRecord> _records = [];
    private readonly List<ChannelEffect> _effects = [];

    public IReadOnlyList<ChannelRecord> Records => _records;

    public IReadOnlyList<ChannelEffect> Effects => _effects;

    /// <summary>Nothing happened.</summary>
    public bool IsEmpty => _records.Count == 0 && _effects.Count == 0;

    internal void Add(ChannelRecord record) => _records.Add(record);

    internal void Add(ChannelEffect effect) => _effects.Add(effect);
}
