using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>Reads the map of one output.</summary>
internal sealed class PsbtOutputReader
{
    private const int TreeDepthMax = 128;

    private readonly string _map;
    private readonly ImmutableSortedDictionary<EncodedPublicKey, KeyOrigin>.Builder _derivations = ImmutableSortedDictionary.CreateBuilder<EncodedPublicKey, KeyOrigin>();
    private readonly ImmutableSortedDictionary<Bytes32, TaprootKeyOrigin>.Builder _taprootDerivations = ImmutableSortedDictionary.CreateBuilder<Bytes32, TaprootKeyOrigin>();
    private readonly ImmutableArray<PsbtEntry>.Builder _unknown = ImmutableArray.CreateBuilder<PsbtEntry>();
    private PsbtOutput _output = PsbtOutput.Empty;

    private PsbtOutputReader(string map) => _map = map;

    internal static bool TryRead(PsbtMap map, int index, [NotNullWhen(true)] out PsbtOutput? output, [NotNullWhen(false)] out Refusal? refusal)
    {
        output = map.Count == 0 ? PsbtOutput.Empty : null;
        refusal = null;
        if (output is not null)
            return true;

        var reader = new PsbtOutputReader($"outputs[{index}]");
        for (var i = 0; i < map.Count; i++)
        {
            if (!reader.TryRead(map[i], out refusal))
                return false;
        }

        output = reader._output with
        {
            Bip32Derivations = reader._derivations.ToImmutable(),
            TaprootDerivations = reader._taprootDerivations.ToImmutable(),
            Unknown = reader._unknown.ToImmutable(),
        };
        return true;
    }

    private bool TryRead(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal) => pair.Type switch
    {
        PsbtTypes.Output.RedeemScript => TrySet("redeem_script", pair, value => _output with { RedeemScript = new Script(value) }, out refusal),
        PsbtTypes.Output.WitnessScript => TrySet("witness_script", pair, value => _output with { WitnessScript = new Script(value) }, out refusal),
        PsbtTypes.Output.Bip32Derivation => PsbtReader.TryReadDerivation($"{_map}.bip32_derivation", pair, _derivations, out refusal),
        PsbtTypes.Output.TapInternalKey => TryReadInternalKey(pair, out refusal),
        PsbtTypes.Output.TapTree => TryReadTree(pair, out refusal),
        PsbtTypes.Output.TapBip32Derivation => PsbtReader.TryReadTaprootDerivation($"{_map}.tap_bip32_derivation", pair, _taprootDerivations, out refusal),
        PsbtTypes.Output.Musig2Participants => PsbtReader.TryKeepMusig2(_map, pair, valueLength: 0, _unknown, out refusal),
        _ => PsbtReader.TryKeep(_map, pair, _unknown, out refusal),
    };

    private bool TrySet(string field, PsbtMap.Pair pair, Func<ReadOnlyMemory<byte>, PsbtOutput> set, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!PsbtReader.TryRequire($"{_map}.{field}", pair, keyDataLength: 0, out refusal))
            return false;
        _output = set(pair.Value);
        return true;
    }

    private bool TryReadInternalKey(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!PsbtReader.TryReadBytes32($"{_map}.tap_internal_key", pair, out var value, out refusal))
            return false;
        _output = _output with { TaprootInternalKey = value };
        return true;
    }

    private bool TryReadTree(PsbtMap.Pair pair, [NotNullWhen(false)] out Refusal? refusal)
    {
        var field = $"{_map}.tap_tree";
        if (!PsbtReader.TryRequire(field, pair, keyDataLength: 0, out refusal))
            return false;

        var leaves = ImmutableArray.CreateBuilder<TaprootTreeLeaf>();
        var shape = new TreeShape();
        var reader = new SpanReader(pair.Value.Span);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadByte(out var depth) || !reader.TryReadByte(out var version) || !reader.TryReadCompactSizeBytes(out var script))
                refusal = new Refusal(field, "ends inside a leaf");
            else if (depth > TreeDepthMax)
                refusal = new Refusal(field, $"has a leaf deeper than {TreeDepthMax}");
            else if ((version & 1) != 0)
                refusal = new Refusal(field, "has an odd leaf version");
            else if (!shape.TryAdd(depth))
                refusal = new Refusal(field, "has leaves that form no tree");
            else
                leaves.Add(new TaprootTreeLeaf(depth, version, new Script(pair.Value.Slice(reader.Position - script.Length, script.Length))));
            if (refusal is not null)
                return false;
        }

        if (leaves.Count == 0)
            refusal = new Refusal(field, "is empty");
        else if (!shape.IsComplete)
            refusal = new Refusal(field, "has leaves that form no tree");
        else
            _output = _output with { TaprootTree = leaves.ToImmutable() };
        return refusal is null;
    }

    /// <summary>
    /// Depths of leaves in depth-first order form a binary tree when, merging equal depths as they come, one node of depth 0 is left.
    /// What is waiting for its sibling has strictly growing depths, so that 129 bits hold it.
    /// </summary>
    private struct TreeShape
    {
        private UInt128 _waiting;
        private bool _isComplete;

        internal readonly bool IsComplete => _isComplete;

        internal bool TryAdd(int depth)
        {
            // A leaf above one that waits for a sibling would leave that one alone for good.
            if (_isComplete || (depth < TreeDepthMax && _waiting >> depth != 0))
                return false;
            while (depth > 0 && (_waiting & Bit(depth)) != 0)
            {
                _waiting &= ~Bit(depth);
                depth--;
            }

            if (depth == 0)
                _isComplete = true;
            else
                _waiting |= Bit(depth);
            return true;
        }

        private static UInt128 Bit(int depth) => UInt128.One << (depth - 1);
    }
}
