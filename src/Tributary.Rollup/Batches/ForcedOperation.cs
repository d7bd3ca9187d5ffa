using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Batches;

/// <summary>A signed operation as it is posted on Bitcoin: the operation with its length, then the signature.</summary>
/// <param name="Request">The operation with its true index.</param>
/// <param name="Signature">XMSS, as docs/rollup/signatures.md has it.</param>
public sealed record ForcedOperation(OperationRequest Request, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The bytes of a post.</summary>
    public byte[] Write()
    {
        var writer = new ByteWriter(4096);
        writer.WriteCompactSizeBytes(OperationCodec.Write(Request));
        writer.WriteBytes(Signature.Span);
        return writer.ToArray();
    }

    /// <summary>Reads the bytes of a post.</summary>
    public static Result<ForcedOperation, Refusal> Read(ReadOnlyMemory<byte> post)
    {
        var reader = new SpanReader(post.Span);
        if (!reader.TryReadCompactSizeBytes(out var operation))
            return new Refusal("post", "is cut short");
        if (!OperationCodec.Read(ModuleTable.Provable, operation).TryGet(out var request, out var refusal))
            return refusal;
        return new ForcedOperation(request, post[reader.Position..]);
    }

    /// <summary>
    /// Consumes a post. Garbage and a wrong signature change nothing; a good signature on an operation that fails spends its index and changes
    /// nothing else.
    /// </summary>
    /// <returns>Why it had no effect, or null.</returns>
    internal static Refusal? Consume(ReadOnlyMemory<byte> post, Bytes32 rollup, uint height, FinanceEngine engine)
    {
        if (!Read(post).TryGet(out var forced, out var garbage))
            return garbage;
        var request = forced.Request;
        if (request.Authorisation is not { } authorisation)
            return new Refusal("authorisation", "is missing: only what an account signs can be forced");
        var account = engine.State.Read(FinanceLeaves.Accounts, authorisation.Account.Value);
        if (account.IsEmpty)
            return new Refusal("authorisation.account", $"{authorisation.Account} is not registered");
        if (authorisation.Index < account.NextIndex)
            return new Refusal("authorisation.index", $"is spent: the next is {account.NextIndex}");
        var key = new XmssPublicKey(account.KeyRoot, account.Key);
        if (XmssVerifier.Verify(key, authorisation.Index, OperationDigest.Compute(rollup, request), forced.Signature.Span) is { } unsigned)
            return unsigned;
        return engine.Apply(new OperationContext(height, OperationSource.ForcedQueue), request).Refusal;
    }

    public bool Equals(ForcedOperation? other) => other is not null && Request == other.Request && Signature.Span.SequenceEqual(other.Signature.Span);

    public override int GetHashCode() => HashCode.Combine(Request, Signature.Length);
}
