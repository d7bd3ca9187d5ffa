using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>
/// The rules of BIP 110 ("reduced data"), which Bitcoin Knots 29.4 adds to what it relays and has no switch for. Bitcoin Core does not have
/// them and neither have we, so the test has to know which transactions they touch. Written from the BIP, not from what the node says.
/// </summary>
internal static class ReducedDataRules
{
    private const int OutputScriptMax = 34;
    private const int DataCarrierMax = 83;
    private const int PushMax = 256;
    private const int ControlBlockMax = 257;

    public static bool Forbid(Transaction transaction, IReadOnlyList<Script> spent)
    {
        foreach (var output in transaction.Outputs)
        {
            var isDataCarrier = output.ScriptPubKey.Span is [(byte)Opcode.Return, ..];
            if (output.ScriptPubKey.Length > (isDataCarrier ? DataCarrierMax : OutputScriptMax))
                return true;
        }

        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (ForbidInput(transaction.Input(i), spent[i]))
                return true;
        }

        return false;
    }

    private static bool ForbidInput(TxIn input, Script output)
    {
        var isNested = output.IsPayToScriptHash;
        if (HasLargePush(isNested ? WithoutLastPush(input.ScriptSig) : input.ScriptSig) || HasLargePush(output))
            return true;
        var redeem = isNested ? LastPush(input.ScriptSig) : default;
        if (HasLargePush(redeem))
            return true;

        var program = isNested ? redeem : output;
        if (!program.IsWitnessProgram(out var version, out var bytes))
            return false;
        if (version == 0)
            return ForbidWitnessScript(input.Witness, bytes.Length == 32 ? 1 : 0);
        if (version == 1 && bytes.Length == 32 && !isNested)
            return ForbidTaproot(input.Witness);
        return !(version == 1 && bytes.Span is [0x4e, 0x73]) || isNested;
    }

    private static bool ForbidWitnessScript(Witness witness, int scripts)
    {
        var items = witness.ToArrays();
        return items.SkipLast(scripts).Any(static item => item.Length > PushMax)
            || items.TakeLast(scripts).Any(static script => HasLargePush(new Script(script)));
    }

    private static bool ForbidTaproot(Witness witness)
    {
        var items = witness.ToArrays();
        if (items.Length >= 2 && items[^1] is [0x50, ..])
            return true;
        if (items.Length < 2)
            return false;

        var control = items[^1];
        if (control.Length > ControlBlockMax)
            return true;
        if (control.Length == 0 || (control[0] & 0xfe) != 0xc0)
            return true;
        var script = new Script(items[^2]);
        return items.SkipLast(2).Any(static item => item.Length > PushMax) || HasLargePush(script) || HasForbiddenOperation(script);
    }

    private static bool HasForbiddenOperation(Script script)
    {
        var reader = new ScriptReader(script.Span);
        while (reader.TryReadNext(out var opcode, out _))
        {
            if (opcode is Opcode.If or Opcode.NotIf || opcode.IsSuccess())
                return true;
        }

        return false;
    }

    private static bool HasLargePush(Script script)
    {
        var reader = new ScriptReader(script.Span);
        while (reader.TryReadNext(out _, out var push))
        {
            if (push.Length > PushMax)
                return true;
        }

        return false;
    }

    private static Script LastPush(Script script)
    {
        ReadOnlySpan<byte> last = default;
        var reader = new ScriptReader(script.Span);
        while (reader.TryReadNext(out _, out var push))
            last = push;
        return new Script(last.ToArray());
    }

    private static Script WithoutLastPush(Script script)
    {
        var start = 0;
        var reader = new ScriptReader(script.Span);
        while (true)
        {
            var at = reader.Position;
            if (!reader.TryReadNext(out _, out _))
                break;
            start = at;
        }

        return new Script(script.Memory[..start]);
    }
}
