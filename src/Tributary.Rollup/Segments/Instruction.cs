using Tributary.Finance.Amounts;
using Tributary.Proofs.Fields;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// One step of an operation in terms of what a proof checks: an account signs and pays a fee, an account exists, one balance loses and one gains. All of
/// it follows from the operation alone, so verifiers state it themselves.
/// </summary>
internal readonly record struct Instruction
{
    /// <summary>Elements of its message; the constants after it are places in it.</summary>
    public const int Elements = 40;

    public const int NumberField = 0;
    public const int SignsField = 1;
    public const int PaysField = 2;
    public const int PayerField = 3;
    public const int IndexField = 4;
    public const int NextField = 6;
    public const int GapField = 8;
    public const int RotatesField = 10;
    public const int MessageField = 11;
    public const int FeeField = 19;
    public const int ExistsField = 27;
    public const int DebitsField = 28;
    public const int CreditsField = 29;
    public const int PayeeField = 30;
    public const int SlotField = 31;
    public const int AmountField = 32;

    /// <summary>Limbs of 16 bits of an amount.</summary>
    public const int AmountLimbs = 8;

    /// <summary>The place in the segment, from 1. Accesses to the state happen at eight times this number and a little after.</summary>
    public required uint Number { get; init; }

    /// <summary>The payer signs <see cref="Message"/> under <see cref="Index"/>.</summary>
    public bool Signs { get; init; }

    public uint Payer { get; init; }

    /// <summary>The index that signs.</summary>
    public uint Index { get; init; }

    /// <summary>Indices left out between the account's next one and the one that signs.</summary>
    public uint Gap { get; init; }

    /// <summary>True where the last index of the key may sign.</summary>
    public bool Rotates { get; init; }

    public TreeDigest Message { get; init; }

    /// <summary>What the payer pays to the operator, in satoshis.</summary>
    public Amount Fee { get; init; }

    /// <summary>The payee is registered.</summary>
    public bool Exists { get; init; }

    /// <summary>The payer loses the amount.</summary>
    public bool Debits { get; init; }

    /// <summary>The payee gains the amount.</summary>
    public bool Credits { get; init; }

    public uint Payee { get; init; }

    /// <summary>The slot of the asset: its number and one.</summary>
    public uint Slot { get; init; }

    public Amount Amount { get; init; }

    /// <summary>True where a fee is paid.</summary>
    public bool Pays => Signs && !Fee.IsZero;

    /// <summary>Writes the message.</summary>
    public void Write(Span<KoalaBear> elements)
    {
        elements[..Elements].Clear();
        elements[NumberField] = Number;
        elements[SignsField] = KoalaBear.FromBoolean(Signs);
        elements[PaysField] = KoalaBear.FromBoolean(Pays);
        elements[PayerField] = Payer;
        WriteLimbs(Index, elements[IndexField..]);
        WriteLimbs(Signs ? Index + 1 : 0, elements[NextField..]);
        WriteLimbs(Gap, elements[GapField..]);
        elements[RotatesField] = KoalaBear.FromBoolean(Rotates);
        Message.Span.CopyTo(elements[MessageField..]);
        WriteLimbs(Fee, elements[FeeField..]);
        elements[ExistsField] = KoalaBear.FromBoolean(Exists);
        elements[DebitsField] = KoalaBear.FromBoolean(Debits);
        elements[CreditsField] = KoalaBear.FromBoolean(Credits);
        elements[PayeeField] = Payee;
        elements[SlotField] = Slot;
        WriteLimbs(Amount, elements[AmountField..]);
    }

    /// <summary>A number as two limbs.</summary>
    public static void WriteLimbs(uint value, Span<KoalaBear> limbs) => (limbs[0], limbs[1]) = (value & 0xffff, value >> 16);

    /// <summary>An amount as eight limbs.</summary>
    public static void WriteLimbs(Amount amount, Span<KoalaBear> limbs)
    {
        for (var i = 0; i < AmountLimbs; i++)
            limbs[i] = (uint)(amount.Units >> (16 * i)) & 0xffff;
    }
}
