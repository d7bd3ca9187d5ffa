using System.Text;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>A key of a descriptor (BIP 380): an origin, and a single key or an extended key with steps. Owns its secrets.</summary>
internal abstract class KeyExpression : IDisposable
{
    /// <summary>What stands in brackets, or null.</summary>
    internal KeyOrigin? Origin { get; init; }

    /// <summary>'h' or an apostrophe, as the writer marked hardened steps last.</summary>
    internal char HardenedMarker { get; init; } = 'h';

    /// <summary>Where the key stands in the text, for refusals; from 1.</summary>
    internal int Position { get; init; }

    internal virtual bool IsRanged => false;

    /// <summary>How many descriptors a multipath step stands for (BIP 389); 1 without one.</summary>
    internal virtual int MultipathCount => 1;

    internal abstract bool HasSecret { get; }

    /// <summary>False for a key of 65 bytes.</summary>
    internal virtual bool IsCompressed => true;

    /// <summary>The key at an index of the range.</summary>
    internal abstract Result<DerivedKey, Refusal> Derive(uint index);

    /// <summary>The key of one of the descriptors that a multipath step stands for. Shares secrets with this one, which keeps owning them.</summary>
    internal virtual KeyExpression Select(int multipath) => this;

    /// <summary>The secret keys below, for signing.</summary>
    internal abstract ISecretKeySource? ToSecretSource();

    internal void Write(StringBuilder text, KeyForm form, BitcoinNetwork network)
    {
        if (form == KeyForm.Normalized && TryWriteNormalized(text))
            return;
        if (Origin is not null)
            text.Append('[').Append(Mark(Origin.ToString())).Append(']');
        WriteKey(text, form, network);
    }

    public abstract void Dispose();

    protected abstract void WriteKey(StringBuilder text, KeyForm form, BitcoinNetwork network);

    protected virtual bool TryWriteNormalized(StringBuilder text) => false;

    /// <summary>Puts the writer's marker in the place of the usual 'h'. A fingerprint has no 'h'.</summary>
    protected string Mark(string path) => HardenedMarker == 'h' ? path : path.Replace('h', HardenedMarker);

    protected Refusal Refuse(string reason) => new("descriptor.key", $"at position {Position} {reason}");
}
