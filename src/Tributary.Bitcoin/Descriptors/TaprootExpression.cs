using System.Collections.Immutable;
using System.Text;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Taproot;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary><c>tr</c>: an internal key and, perhaps, a tree of scripts (BIP 386).</summary>
/// <param name="internalKey">The key path's key before it is tweaked.</param>
/// <param name="leaves">The tree in depth-first order; none for a key alone.</param>
internal sealed class TaprootExpression(KeyExpression internalKey, ImmutableArray<TaprootLeafExpression> leaves) : ScriptExpression
{
    internal override IEnumerable<KeyExpression> Keys => [internalKey, .. leaves.SelectMany(static leaf => leaf.Keys)];

    internal override Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index)
    {
        if (!internalKey.Derive(index).TryGet(out var key, out var refusal))
            return refusal;

        var keys = ImmutableArray.CreateBuilder<DerivedKey>();
        keys.Add(key);
        var scripts = new TaprootLeafScript[leaves.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            if (!DeriveAll(leaves[i].Keys, index).TryGet(out var leafKeys, out refusal))
                return refusal;
            keys.AddRange(leafKeys);
            scripts[i] = new TaprootLeafScript(leaves[i].Depth, leaves[i].ToScript(leafKeys));
        }

        var tree = scripts.Length == 0 ? null : TaprootTree.Create(scripts);
        if (!TaprootOutput.Create(key.Key.XOnly, tree).TryGet(out var output, out refusal))
            return refusal;
        return new[] { new DerivedScript(output.ScriptPubKey) { Taproot = output, Keys = keys.ToImmutable() } };
    }

    internal override ScriptExpression Select(int multipath) =>
        new TaprootExpression(internalKey.Select(multipath), [.. leaves.Select(leaf => leaf with { Keys = [.. leaf.Keys.Select(key => key.Select(multipath))] })]);

    internal override void Write(StringBuilder text, KeyForm form, BitcoinNetwork network)
    {
        text.Append("tr(");
        internalKey.Write(text, form, network);
        if (!leaves.IsEmpty)
        {
            text.Append(',');
            var next = 0;
            WriteTree(text, depth: 0, ref next, form, network);
        }

        text.Append(')');
    }

    private void WriteTree(StringBuilder text, int depth, ref int next, KeyForm form, BitcoinNetwork network)
    {
        if (leaves[next].Depth == depth)
        {
            var leaf = leaves[next++];
            WriteList(text, leaf.Name, leaf.Required, leaf.Keys, form, network);
            return;
        }

        text.Append('{');
        WriteTree(text, depth + 1, ref next, form, network);
        text.Append(',');
        WriteTree(text, depth + 1, ref next, form, network);
        text.Append('}');
    }
}
