using System.Security.Cryptography;
using Tributary.Finance.Operations;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Sequencing;

/// <summary>An operation on its way in. What depends on it alone is worked out on the caller's thread, and once.</summary>
internal sealed class Submission
{
    private readonly TaskCompletionSource<Result<Receipt, Refusal>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Submission(in OperationRequest request, ReadOnlySpan<byte> signature)
    {
        (Request, Encoded, Signature) = (request, OperationCodec.Write(request), signature.ToArray());
        Digest = new Bytes32(SHA256.HashData(Encoded));
    }

    internal OperationRequest Request { get; }

    /// <summary>The operation's one encoding.</summary>
    internal byte[] Encoded { get; }

    internal byte[] Signature { get; }

    /// <summary>What a receipt names the operation by.</summary>
    internal Bytes32 Digest { get; }

    /// <summary>Under which key the signature holds, and what it covers; null where nobody signs or it has not been checked.</summary>
    internal CheckedSignature? Checked { get; set; }

    /// <summary>Why it is not taken, once that is known.</summary>
    internal Refusal? Refusal { get; set; }

    /// <summary>Where it stands, once it is taken.</summary>
    internal OperationPlace Place { get; set; }

    /// <summary>The receipt, once the operation is on disk, or the refusal.</summary>
    internal Task<Result<Receipt, Refusal>> Answer => _answer.Task;

    internal void Refuse() => _answer.TrySetResult(Refusal!);

    internal void Accept(Receipt receipt) => _answer.TrySetResult(receipt);

    internal void Fail(Exception exception) => _answer.TrySetException(exception);
}
