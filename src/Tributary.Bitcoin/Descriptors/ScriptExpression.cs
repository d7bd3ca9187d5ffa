using System.Text;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>A function of a descriptor with its arguments.</summary>
internal abstract class ScriptExpression
{
    /// <summary>The keys in it, in the order they are written.</summary>
    internal abstract IEnumerable<KeyExpression> Keys { get; }

    /// <summary>False for <c>addr()</c> and <c>raw()</c>, of which nothing is known that spends them.</summary>
    internal virtual bool IsSolvable => true;

    /// <summary>The output scripts at an index: one, or those of <c>combo()</c>.</summary>
    internal abstract Result<IReadOnlyList<DerivedScript>, Refusal> Derive(uint index);

    /// <summary>The same with each multipath step at one of its values.</summary>
    internal abstract ScriptExpression Select(int multipath);

    internal abstract void Write(StringBuilder text, KeyForm form, BitcoinNetwork network);

    protected static void WriteList(StringBuilder text, string name, int? number, IEnumerable<KeyExpression> keys, KeyForm form, BitcoinNetwork network)
    {
        text.Append(name).Append('(').Append(number);
        var separator = number is null ? "" : ",";
        foreach (var key in keys)
        {
            text.Append(separator);
            key.Write(text, form, network);
            separator = ",";
        }

        text.Append(')');
    }

    /// <summary>Derives all keys, or refuses with the first that has none.</summary>
    protected static Result<DerivedKey[], Refusal> DeriveAll(IReadOnlyList<KeyExpression> keys, uint index)
    {
        var derived = new DerivedKey[keys.Count];
        for (var i = 0; i < keys.Count; i++)
        {
            if (!keys[i].Derive(index).TryGet(out derived[i], out var refusal))
                return refusal;
        }

        return derived;
    }
}
