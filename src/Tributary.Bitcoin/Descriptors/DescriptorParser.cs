using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>Reads descriptors by recursive descent; the first thing that is wrong is refused with its position, counted from 1.</summary>
internal sealed class DescriptorParser
{
    private const int BareMultisigKeysMax = 3;
    private const int RedeemScriptLengthMax = 520;

    private readonly string _text;
    private readonly int _end;
    private readonly BitcoinNetwork _network;
    private readonly List<KeyExpression> _keys = [];
    private int _at;
    private Refusal? _refusal;

    private DescriptorParser(string text, int end, BitcoinNetwork network)
    {
        _text = text;
        _end = end;
        _network = network;
    }

    internal static Result<Descriptor, Refusal> Parse(string text, BitcoinNetwork network, bool requireChecksum)
    {
        if (CheckFrame(text, requireChecksum, out var end) is { } refusal)
            return refusal;

        var parser = new DescriptorParser(text, end, network);
        var root = parser.ReadScript(ScriptContext.Top);
        if (root is not null && parser._at < end)
            parser.Refuse("has text after its end");
        if (root is not null && parser._refusal is null)
            parser.CheckMultipath();
        if (root is not null && parser._refusal is null)
            return new Descriptor(root, network);

        foreach (var key in parser._keys)
            key.Dispose();
        return parser._refusal!;
    }

    /// <summary>Length, characters and checksum; and where the checksum begins.</summary>
    private static Refusal? CheckFrame(string text, bool requireChecksum, out int end)
    {
        end = text.IndexOf('#', StringComparison.Ordinal);
        if (text.Length > Descriptor.LengthMax)
            return new Refusal("descriptor", $"is longer than {Descriptor.LengthMax} characters");
        if (DescriptorChecksum.IndexOfForeign(text) is var foreign and >= 0)
            return new Refusal("descriptor", $"has a character that descriptors do not use at position {foreign + 1}");

        if (end < 0)
        {
            end = text.Length;
            return requireChecksum ? new Refusal("descriptor.checksum", $"is missing; it is #{DescriptorChecksum.Compute(text)}") : null;
        }

        var given = text[(end + 1)..];
        if (given.Contains('#', StringComparison.Ordinal))
            return new Refusal("descriptor.checksum", $"begins twice: a second '#' is at position {text.LastIndexOf('#') + 1}");
        if (given.Length != DescriptorChecksum.Length)
            return new Refusal("descriptor.checksum", $"takes {DescriptorChecksum.Length} characters and has {given.Length}");
        return string.Equals(given, DescriptorChecksum.Compute(text.AsSpan(0, end)), StringComparison.Ordinal)
            ? null
            : new Refusal("descriptor.checksum", "does not match: a character is mistyped or missing");
    }

    private void CheckMultipath()
    {
        var counts = _keys.Select(static key => key.MultipathCount).Where(static count => count > 1).Distinct().ToArray();
        if (counts.Length > 1)
            _refusal = new Refusal("descriptor.multipath", $"has {counts[0]} values in one key and {counts[1]} in another");
    }

    private ScriptExpression? ReadScript(ScriptContext context)
    {
        var start = _at;
        if (ReadName() is not { } name)
            return null;

        ScriptExpression? script = name switch
        {
            "pk" => ReadKeyScript(KeyScriptExpression.Function.Pk, context),
            "pkh" => ReadKeyScript(KeyScriptExpression.Function.Pkh, context),
            "wpkh" when Allows(name, start, context, ScriptContext.Top, ScriptContext.ScriptHash) => ReadKeyScript(KeyScriptExpression.Function.Wpkh, context),
            "combo" when Allows(name, start, context, ScriptContext.Top) => ReadKeyScript(KeyScriptExpression.Function.Combo, context),
            "multi" or "sortedmulti" => ReadMultisig(string.Equals(name, "sortedmulti", StringComparison.Ordinal), context),
            "sh" when Allows(name, start, context, ScriptContext.Top) => ReadWrapped(ScriptContext.ScriptHash),
            "wsh" when Allows(name, start, context, ScriptContext.Top, ScriptContext.ScriptHash) => ReadWrapped(ScriptContext.WitnessScriptHash),
            "tr" when Allows(name, start, context, ScriptContext.Top) => ReadTaproot(),
            "rawtr" when Allows(name, start, context, ScriptContext.Top) => ReadKey(ScriptContext.Tapscript, allowUncompressed: false) is { } key ? new OutputKeyExpression(key) : null,
            "addr" when Allows(name, start, context, ScriptContext.Top) => ReadAddress(),
            "raw" when Allows(name, start, context, ScriptContext.Top) => ReadRaw(),
            "multi_a" or "sortedmulti_a" when Allows(name, start, context, ScriptContext.Tapscript) => null,
            _ => RefuseAt<ScriptExpression>(start, $"has a function that is not known: {name}"),
        };
        return script is not null && TryTake(')') ? script : null;
    }

    private KeyScriptExpression? ReadKeyScript(KeyScriptExpression.Function function, ScriptContext context)
    {
        var allowUncompressed = function != KeyScriptExpression.Function.Wpkh && context is ScriptContext.Top or ScriptContext.ScriptHash;
        return ReadKey(context, allowUncompressed && function != KeyScriptExpression.Function.Wpkh) is { } key ? new KeyScriptExpression(function, key) : null;
    }

    private MultisigExpression? ReadMultisig(bool isSorted, ScriptContext context)
    {
        var start = _at;
        var keysMax = context == ScriptContext.Top ? BareMultisigKeysMax : SigOps.KeysPerMultisigMax;
        if (!TryReadThresholdAndKeys(context, keysMax, allowUncompressed: context != ScriptContext.WitnessScriptHash, out var required, out var keys))
            return null;

        // BIP 16: a redeem script is one push.
        var length = 3 + keys.Sum(static key => key.IsCompressed ? 34 : 66);
        if (context == ScriptContext.ScriptHash && length > RedeemScriptLengthMax)
            return RefuseAt<MultisigExpression>(start, $"has keys that make a redeem script of {length} bytes; sh() takes {RedeemScriptLengthMax}");
        return new MultisigExpression(required, keys, isSorted);
    }

    private bool TryReadThresholdAndKeys(ScriptContext context, int keysMax, bool allowUncompressed, out int required, out List<KeyExpression> keys)
    {
        keys = [];
        var start = _at;
        var number = ReadArgument();
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out required) || required == 0)
        {
            RefuseAt<object>(start, "needs a number of signatures of at least 1");
            return false;
        }

        while (_at < _end && _text[_at] == ',')
        {
            _at++;
            if (ReadKey(context, allowUncompressed) is not { } key)
                return false;
            keys.Add(key);
            if (keys.Count > keysMax)
            {
                RefuseAt<object>(start, $"has more keys than the {keysMax} that are possible here");
                return false;
            }
        }

        if (required > keys.Count)
        {
            RefuseAt<object>(start, $"asks for {required} signatures of {keys.Count} keys");
            return false;
        }

        return true;
    }

    private WrappedExpression? ReadWrapped(ScriptContext context)
    {
        var start = _at;
        if (ReadScript(context) is not { } inner)
            return null;
        return inner is TaprootExpression or FixedScriptExpression or OutputKeyExpression
            ? RefuseAt<WrappedExpression>(start, "cannot wrap this")
            : new WrappedExpression(inner, context == ScriptContext.WitnessScriptHash);
    }

    private TaprootExpression? ReadTaproot()
    {
        if (ReadKey(ScriptContext.Tapscript, allowUncompressed: false) is not { } key)
            return null;

        var leaves = ImmutableArray.CreateBuilder<TaprootLeafExpression>();
        if (_at < _end && _text[_at] == ',')
        {
            _at++;
            if (!TryReadTree(depth: 0, leaves))
                return null;
        }

        return new TaprootExpression(key, leaves.ToImmutable());
    }

    private bool TryReadTree(int depth, ImmutableArray<TaprootLeafExpression>.Builder leaves)
    {
        if (_at >= _end || _text[_at] != '{')
            return TryReadLeaf(depth, leaves);
        if (depth == TaprootTree.DepthMax)
            return Refuse($"has a tree deeper than {TaprootTree.DepthMax}");
        _at++;
        return TryReadTree(depth + 1, leaves) && TryTake(',') && TryReadTree(depth + 1, leaves) && TryTake('}');
    }

    private bool TryReadLeaf(int depth, ImmutableArray<TaprootLeafExpression>.Builder leaves)
    {
        var start = _at;
        if (ReadName() is not { } name)
            return false;

        switch (name)
        {
            case "pk" or "pkh":
                if (ReadKey(ScriptContext.Tapscript, allowUncompressed: false) is not { } key)
                    return false;
                leaves.Add(new TaprootLeafExpression(depth, name, Required: null, [key]));
                break;
            case "multi_a" or "sortedmulti_a":
                if (!TryReadThresholdAndKeys(ScriptContext.Tapscript, TapscriptTemplates.KeysMax, allowUncompressed: false, out var required, out var keys))
                    return false;
                leaves.Add(new TaprootLeafExpression(depth, name, required, keys));
                break;
            default:
                _at = start;
                return Refuse($"has {name}(), which is no leaf of a tree");
        }

        return TryTake(')');
    }

    private FixedScriptExpression? ReadAddress()
    {
        var start = _at;
        var text = ReadArgument();
        return Address.Parse(text, _network).TryGet(out var address, out var refusal)
            ? new FixedScriptExpression(address.ScriptPubKey, address)
            : RefuseAt<FixedScriptExpression>(start, $"has an address that {refusal.Reason}");
    }

    private FixedScriptExpression? ReadRaw()
    {
        var start = _at;
        return Hex.TryDecode(ReadArgument(), out byte[]? script)
            ? new FixedScriptExpression(new Script(script), address: null)
            : RefuseAt<FixedScriptExpression>(start, "has a script that is not hex");
    }

    private KeyExpression? ReadKey(ScriptContext context, bool allowUncompressed)
    {
        var start = _at;
        var text = ReadArgument();
        if (!KeyExpressionParser.Parse(text, start + 1, _network, allowXOnly: context == ScriptContext.Tapscript).TryGet(out var key, out var refusal))
        {
            _refusal ??= refusal;
            return null;
        }

        _keys.Add(key);
        return key.IsCompressed || allowUncompressed ? key : RefuseAt<KeyExpression>(start, "has an uncompressed key where none may stand");
    }

    /// <summary>Text up to what ends an argument.</summary>
    private string ReadArgument()
    {
        var start = _at;
        var length = _text.AsSpan(start, _end - start).IndexOfAny(",(){}");
        _at = length < 0 ? _end : start + length;
        return _text[start.._at];
    }

    /// <summary>A function's name and its opening parenthesis.</summary>
    private string? ReadName()
    {
        var start = _at;
        while (_at < _end && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
            _at++;
        var name = _text[start.._at];
        if (_at < _end && _text[_at] == '(' && name.Length > 0)
        {
            _at++;
            return name;
        }

        return RefuseAt<string>(start, "needs a function like wpkh(…)");
    }

    private bool Allows(string name, int start, ScriptContext context, params ReadOnlySpan<ScriptContext> allowed)
    {
        if (allowed.Contains(context))
            return true;
        var place = context switch
        {
            ScriptContext.Top => "at the top",
            ScriptContext.ScriptHash => "inside sh()",
            ScriptContext.WitnessScriptHash => "inside wsh()",
            _ => "inside tr()",
        };
        RefuseAt<object>(start, $"has {name}(), which cannot stand {place}");
        return false;
    }

    private bool TryTake(char expected)
    {
        if (_at < _end && _text[_at] == expected)
        {
            _at++;
            return true;
        }

        return Refuse(_at < _end ? $"has '{_text[_at]}' where '{expected}' is expected" : $"ends where '{expected}' is expected");
    }

    private bool Refuse(string reason)
    {
        _refusal ??= new Refusal("descriptor", $"at position {_at + 1} {reason}");
        return false;
    }

    [return: MaybeNull]
    private T RefuseAt<T>(int position, string reason)
        where T : class
    {
        _refusal ??= new Refusal("descriptor", $"at position {position + 1} {reason}");
        return null;
    }
}
