using System.Collections.Immutable;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Psbt;

/// <summary>
/// A partially signed bitcoin transaction, version 0 (BIP 174, taproot fields of BIP 371). Immutable: the roles that update, sign,
/// combine and finalise return new ones. Unknown fields are kept. Parsing allocates at most 32 times the bytes present.
/// </summary>
public sealed class PartiallySignedTransaction
{
    /// <summary>The largest PSBT that is read, in bytes: Bitcoin Core's limit for a file.</summary>
    public const int SizeMax = 100_000_000;

    internal PartiallySignedTransaction(
        Transaction unsignedTransaction,
        ImmutableArray<PsbtInput> inputs,
        ImmutableArray<PsbtOutput> outputs,
        ImmutableArray<PsbtExtendedKey> extendedKeys,
        ImmutableArray<PsbtEntry> unknown)
    {
        UnsignedTransaction = unsignedTransaction;
        Inputs = inputs;
        Outputs = outputs;
        ExtendedKeys = extendedKeys;
        Unknown = unknown;
    }

    /// <summary>The transaction without scripts and witnesses: the PSBT's identity.</summary>
    public Transaction UnsignedTransaction { get; }

    /// <summary>As many as the transaction has inputs.</summary>
    public ImmutableArray<PsbtInput> Inputs { get; }

    /// <summary>As many as the transaction has outputs.</summary>
    public ImmutableArray<PsbtOutput> Outputs { get; }

    /// <summary>Extended keys that keys of the transaction derive from.</summary>
    public ImmutableArray<PsbtExtendedKey> ExtendedKeys { get; }

    /// <summary>Global fields that are proprietary or of unknown type.</summary>
    public ImmutableArray<PsbtEntry> Unknown { get; }

    /// <summary>True when every input has its final script or witness.</summary>
    public bool IsComplete => Inputs.All(static input => input.IsFinal);

    /// <summary>The fee, where every spent output is known and the outputs do not exceed them; null otherwise.</summary>
    public Satoshis? Fee
    {
        get
        {
            var sum = Satoshis.Zero;
            for (var i = 0; i < Inputs.Length; i++)
            {
                if (SpentOutput(i) is not { Value.IsInMoneyRange: true } spent || !sum.TryAdd(spent.Value, out sum))
                    return null;
            }

            foreach (var output in UnsignedTransaction.Outputs)
            {
                if (!output.Value.IsInMoneyRange || !sum.TryAdd(-output.Value, out sum))
                    return null;
            }

            return sum.Value >= 0 ? sum : null;
        }
    }

    /// <summary>The creator's role: a PSBT of a transaction without signatures.</summary>
    public static Result<PartiallySignedTransaction, Refusal> Create(Transaction unsignedTransaction)
    {
        if (unsignedTransaction.HasWitness || unsignedTransaction.Inputs.Any(static input => !input.ScriptSig.IsEmpty))
            return new Refusal("transaction", "has signatures; a PSBT begins with none");
        return new PartiallySignedTransaction(
            unsignedTransaction,
            [.. Enumerable.Repeat(PsbtInput.Empty, unsignedTransaction.InputCount)],
            [.. Enumerable.Repeat(PsbtOutput.Empty, unsignedTransaction.OutputCount)],
            [],
            []);
    }

    /// <summary>Reads the binary form; copies the bytes.</summary>
    public static Result<PartiallySignedTransaction, Refusal> Parse(ReadOnlySpan<byte> bytes) =>
        bytes.Length > SizeMax ? new Refusal("psbt", $"is longer than {SizeMax} bytes") : PsbtReader.Read(bytes.ToArray());

    /// <summary>Reads the base64 form.</summary>
    public static Result<PartiallySignedTransaction, Refusal> ParseBase64(string text)
    {
        if (text.Length / 4 * 3 > SizeMax)
            return new Refusal("psbt", $"is longer than {SizeMax} bytes");

        // The decoder passes over white space, which a PSBT does not have.
        var bytes = new byte[text.Length / 4 * 3];
        if (text.AsSpan().ContainsAny(" \t\r\n") || !Convert.TryFromBase64String(text, bytes, out var length))
            return new Refusal("psbt", "is not base64");
        return PsbtReader.Read(bytes.AsMemory(0, length));
    }

    /// <summary>The output that an input spends, as the PSBT tells it; null where it does not.</summary>
    public TxOut? SpentOutput(int input) => Inputs[input].SpentOutput(UnsignedTransaction.PreviousOutput(input));

    /// <summary>The same with one input changed.</summary>
    public PartiallySignedTransaction WithInput(int index, PsbtInput input) => new(UnsignedTransaction, Inputs.SetItem(index, input), Outputs, ExtendedKeys, Unknown);

    /// <summary>The same with all inputs changed.</summary>
    public PartiallySignedTransaction WithInputs(ImmutableArray<PsbtInput> inputs) =>
        inputs.Length == Inputs.Length ? new(UnsignedTransaction, inputs, Outputs, ExtendedKeys, Unknown) : throw new ArgumentException("The transaction has another number of inputs.", nameof(inputs));

    /// <summary>The same with one output changed.</summary>
    public PartiallySignedTransaction WithOutput(int index, PsbtOutput output) => new(UnsignedTransaction, Inputs, Outputs.SetItem(index, output), ExtendedKeys, Unknown);

    /// <summary>The same with other extended keys.</summary>
    public PartiallySignedTransaction WithExtendedKeys(IEnumerable<PsbtExtendedKey> keys) => new(UnsignedTransaction, Inputs, Outputs, [.. keys.Order()], Unknown);

    /// <summary>The binary form.</summary>
    public byte[] ToBytes() => PsbtWriter.Write(this);

    /// <summary>The base64 form, as PSBTs are copied and pasted.</summary>
    public string ToBase64() => Convert.ToBase64String(ToBytes());

    public override string ToString() => ToBase64();
}
