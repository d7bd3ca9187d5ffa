using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Rollup.Anchoring;

/// <summary>
/// A payment to the vault that names an account: the transaction has an output to the vault and an OP_RETURN with the rollup's id and
/// the account, the first going with the first where there are several. A payment without it, or of less than
/// <see cref="AmountMin"/>, is the operator's to give back; it is no deposit.
/// </summary>
/// <param name="Number">Its place among the deposits, from 1 and without gaps: by height, transaction and output.</param>
/// <param name="Height">The block's height.</param>
/// <param name="Output">The vault's output.</param>
/// <param name="To">The account.</param>
/// <param name="Amount">What arrived.</param>
public sealed record SeenDeposit(ulong Number, int Height, OutPoint Output, AccountId To, Satoshis Amount)
{
    /// <summary>The least that counts as a deposit: each costs the rollup a step that somebody has to prove.</summary>
    public static Satoshis AmountMin => new(1_000);

    private const int MarkerLength = 4 + Bytes32.Length + sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "TRID"u8;

    /// <summary>The output that names the account.</summary>
    public static Script Marker(Bytes32 rollup, AccountId account)
    {
        var writer = new ByteWriter(MarkerLength);
        writer.WriteBytes(Magic);
        writer.WriteBytes32(rollup);
        writer.WriteUInt32LittleEndian(account.Value);
        return new ScriptBuilder().Add(Opcode.Return).Push(writer.WrittenSpan).Build();
    }

    /// <summary>The account that a script names for a rollup; false where it is no marker of it.</summary>
    public static bool TryReadMarker(Script script, Bytes32 rollup, out AccountId account)
    {
        account = default;
        var reader = new ScriptReader(script.Span);
        if (!reader.TryReadNext(out var opcode, out _) || opcode != Opcode.Return || !reader.TryReadNext(out _, out var push) || push.Length != MarkerLength)
            return false;
        var fields = new SpanReader(push[Magic.Length..]);
        if (!push.StartsWith(Magic) || !fields.TryReadBytes32(out var named) || named != rollup || !fields.TryReadUInt32LittleEndian(out var value))
            return false;
        account = new AccountId(value);
        return script == Marker(rollup, account);
    }
}
