using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
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
    /// Consumes a post at the time of its block. Garbage and a wrong signature change nothing; a good signature on an operation that fails spends its
    /// index and changes nothing else. Claims and refunds of contracts are forced without a signature, since nobody signs them.
    /// </summary>
    /// <returns>What became of it: a function of the post and of the leaves that the engine is asked for.</returns>
    internal static Outcome Consume(ForcedPost post, Bytes32 rollup, FinanceEngine engine)
    {
        if (!Read(post.Operation).TryGet(out var forced, out var garbage))
            return new Outcome(garbage, false, []);
        var request = forced.Request;
        if ((request.Authorisation is { } authorisation ? CheckSignature(forced, authorisation, rollup, engine.State) : CheckUnsigned(forced)) is { } unsigned)
            return new Outcome(unsigned, false, []);
        return engine.Apply(new OperationContext((uint)post.Height, OperationSource.ForcedQueue), request);
    }

    private static Refusal? CheckUnsigned(ForcedOperation forced)
    {
        if (forced.Request.Operation.Code is not (OperationCode.ClaimHtlc or OperationCode.RefundHtlc))
            return new Refusal("authorisation", "is missing: only what an account signs can be forced, and claims and refunds of contracts");
        return forced.Signature.IsEmpty ? null : new Refusal("signature", "this operation bears none");
    }

    private static Refusal? CheckSignature(ForcedOperation forced, in Authorisation authorisation, Bytes32 rollup, FinanceState state)
    {
        var account = state.Read(FinanceLeaves.Accounts, authorisation.Account.Value);
        if (account.IsEmpty)
            return new Refusal("authorisation.account", $"{authorisation.Account} is not registered");
        if (authorisation.Index < account.NextIndex)
            return new Refusal("authorisation.index", $"is spent: the next is {account.NextIndex}");
        var key = new XmssPublicKey(account.KeyRoot, account.Key);
        return XmssVerifier.Verify(key, authorisation.Index, OperationDigest.Compute(rollup, forced.Request), forced.Signature.Span);
    }

    public bool Equals(ForcedOperation? other) => other is not null && Request == other.Request && Signature.Span.SequenceEqual(other.Signature.Span);

    public override int GetHashCode() => HashCode.Combine(Request, Signature.Length);
}
