using Tributary.Finance.Accounts;
using Tributary.Finance.State;
using Tributary.Proofs.Air;
using Tributary.Proofs.Fields;
using Tributary.Rollup.Segments;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Proving.Tables;

/// <summary>
/// The instructions of the statement, one a row. Each row takes its instruction off the bus, reads and writes the accounts that it speaks of, and asks
/// for the signature and the moves of balances (docs/rollup/air.md, section 4.4).
/// </summary>
internal sealed class OperationsAir : IAir
{
    public const int Active = Instruction.Elements;
    public const int KeyRoot = Active + 1;
    public const int LogLifetime = KeyRoot + Xmss.DigestElements;
    public const int NextBefore = LogLifetime + 1;
    public const int GapCarry = NextBefore + 2;
    public const int Ones = GapCarry + 1;
    public const int PayerTime = Ones + 1;
    public const int PayeeRoot = PayerTime + 1;
    public const int PayeeLogLifetime = PayeeRoot + Xmss.DigestElements;
    public const int PayeeNext = PayeeLogLifetime + 1;
    public const int PayeeTime = PayeeNext + 2;
    public const int Columns = PayeeTime + 1;

    /// <summary>Limbs of the digest over all public inputs. No constraint reads them: the transcript starts with them.</summary>
    public const int Publics = 16;

    /// <summary>Times of an instruction, after eight times its number.</summary>
    public const int TimesOfOne = 8;
    public const int PayerAccess = 1;
    public const int FeeDebit = 2;
    public const int FeeCredit = 3;
    public const int PayeeAccess = 4;
    public const int Debit = 5;
    public const int Credit = 6;

    /// <summary>The account that collects fees, and the slot of the asset that they are paid in.</summary>
    public const uint FeeAccount = 1;
    public const uint FeeSlot = 1;

    /// <summary>The tag of an account's leaf as <see cref="State.TreeHash"/> has it.</summary>
    public static readonly uint AccountTag = (uint)LeafKind.Account | ((uint)AccountLeaf.Length << 8) | (1u << 24);

    public string Name => "operations";

    public int Width => Columns;

    public int PublicCount => Publics;

    public void Evaluate<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        T active = air.Main(Active), signs = air.Main(Instruction.SignsField), carry = air.Main(GapCarry);
        AirAssert.Boolean(ref air, active);
        foreach (var flag in (ReadOnlySpan<int>)
        [
            Instruction.SignsField, Instruction.PaysField, Instruction.ExistsField, Instruction.DebitsField, Instruction.CreditsField,
        ])
            air.AssertZero(air.Main(flag) * (T.One - active));

        // The account's next index and the gap make the index that signs.
        AirAssert.Boolean(ref air, carry);
        air.AssertZero(signs * (air.Main(NextBefore) + air.Main(Instruction.GapField) - air.Main(Instruction.IndexField) - Cells.Times(carry, 1 << 16)));
        air.AssertZero(signs * (air.Main(NextBefore + 1) + air.Main(Instruction.GapField + 1) + carry - air.Main(Instruction.IndexField + 1)));

        // The last one-time key signs rotations alone.
        air.AssertZero(signs * (T.One - air.Main(Instruction.RotatesField)) * air.Main(Ones));

        var cells = default(MessageCells<T>);
        Span<T> instruction = cells;
        Cells.Read(ref air, 0, instruction[..Instruction.Elements]);
        air.Receive(RollupBuses.Instructions, active, instruction[..Instruction.Elements]);
        Authorise<TBuilder, T>(ref air, signs);
        Payee<TBuilder, T>(ref air);
        Moves<TBuilder, T>(ref air);
    }

    private static T Time<TBuilder, T>(ref TBuilder air, int access)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T> =>
        Cells.Times(air.Main(Instruction.NumberField), TimesOfOne) + Cells.Constant<T>((uint)access);

    /// <summary>The payer's account is read and its next index moves behind the one that signs; its key bears the signature.</summary>
    private static void Authorise<TBuilder, T>(ref TBuilder air, T signs)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var cells = default(MessageCells<T>);
        Span<T> message = cells;
        var account = message[..RollupBuses.Memory.Width];
        Account<TBuilder, T>(ref air, Instruction.PayerField, KeyRoot, NextBefore, account);
        account[^1] = air.Main(PayerTime);
        air.Receive(RollupBuses.Memory, signs, account);
        var now = Time<TBuilder, T>(ref air, PayerAccess);
        Cells.Read(ref air, Instruction.NextField, account.Slice(14, 2));
        account[^1] = now;
        air.Send(RollupBuses.Memory, signs, account);
        air.Send(RollupBuses.Range, signs, [now - air.Main(PayerTime) - T.One]);

        var signed = message[..RollupBuses.Signed.Width];
        signed[0] = air.Main(Instruction.NumberField);
        Cells.Read(ref air, Instruction.IndexField, signed.Slice(1, 2));
        Cells.Read(ref air, Instruction.MessageField, signed[3..]);
        air.Send(RollupBuses.Signed, signs, signed);

        var key = message[..RollupBuses.Keys.Width];
        key[0] = air.Main(Instruction.NumberField);
        key[1] = air.Main(LogLifetime);
        key[2] = air.Main(Ones);
        Cells.Read(ref air, KeyRoot, key[3..]);
        air.Receive(RollupBuses.Keys, signs, key);
    }

    /// <summary>The payee's account is read and stays as it is. An account that does not exist has no scheme.</summary>
    private static void Payee<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var exists = air.Main(Instruction.ExistsField);
        var cells = default(MessageCells<T>);
        Span<T> account = cells;
        account = account[..RollupBuses.Memory.Width];
        Account<TBuilder, T>(ref air, Instruction.PayeeField, PayeeRoot, PayeeNext, account);
        account[^1] = air.Main(PayeeTime);
        air.Receive(RollupBuses.Memory, exists, account);
        var now = Time<TBuilder, T>(ref air, PayeeAccess);
        account[^1] = now;
        air.Send(RollupBuses.Memory, exists, account);
        air.Send(RollupBuses.Range, exists, [now - air.Main(PayeeTime) - T.One]);
    }

    /// <summary>Cell of an account: tag, account, slot 0, the one block; root, scheme, log2 of the one-time keys, next index, zeros.</summary>
    private static void Account<TBuilder, T>(ref TBuilder air, int account, int root, int next, scoped Span<T> message)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        message.Clear();
        message[0] = Cells.Constant<T>(AccountTag);
        message[1] = air.Main(account);
        message[2] = T.Zero;
        message[3] = Cells.Constant<T>(LeavesAir.PerBlock);
        Cells.Read(ref air, root, message.Slice(4, Xmss.DigestElements));
        message[12] = Cells.Constant<T>(KeyParameters.Xmss);
        message[13] = air.Main(root + Xmss.DigestElements);
        Cells.Read(ref air, next, message.Slice(14, 2));
        for (var i = 16; i < message.Length; i++)
            message[i] = T.Zero;
    }

    private static void Moves<TBuilder, T>(ref TBuilder air)
        where TBuilder : struct, IAirBuilder<T>, allows ref struct
        where T : struct, IAlgebra<T>
    {
        var cells = default(MessageCells<T>);
        Span<T> move = cells;
        move = move[..RollupBuses.Moves.Width];
        T payer = air.Main(Instruction.PayerField), payee = air.Main(Instruction.PayeeField), slot = air.Main(Instruction.SlotField);
        T feeAccount = Cells.Constant<T>(FeeAccount), feeSlot = Cells.Constant<T>(FeeSlot);

        Cells.Read(ref air, Instruction.FeeField, move[4..]);
        (move[0], move[1], move[2], move[3]) = (Time<TBuilder, T>(ref air, FeeDebit), payer, feeSlot, T.One);
        air.Send(RollupBuses.Moves, air.Main(Instruction.PaysField), move);
        (move[0], move[1], move[3]) = (Time<TBuilder, T>(ref air, FeeCredit), feeAccount, T.Zero);
        air.Send(RollupBuses.Moves, air.Main(Instruction.PaysField), move);

        Cells.Read(ref air, Instruction.AmountField, move[4..]);
        (move[0], move[1], move[2], move[3]) = (Time<TBuilder, T>(ref air, Debit), payer, slot, T.One);
        air.Send(RollupBuses.Moves, air.Main(Instruction.DebitsField), move);
        (move[0], move[1], move[3]) = (Time<TBuilder, T>(ref air, Credit), payee, T.Zero);
        air.Send(RollupBuses.Moves, air.Main(Instruction.CreditsField), move);
    }
}
