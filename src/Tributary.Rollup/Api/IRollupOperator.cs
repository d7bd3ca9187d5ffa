using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Api;

/// <summary>
/// Whoever answers for a rollup: its operator over HTTP (<see cref="RollupClient"/>), the operator's own process, or Bitcoin alone where the operator is
/// silent. What it says is its word; who relies on it checks it (docs/trust.md).
/// </summary>
public interface IRollupOperator
{
    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>The rollup and how far it is.</summary>
    Task<Result<RollupView, Refusal>> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Hands in an operation with its signature.</summary>
    Task<Result<ReceiptView, Refusal>> SubmitAsync(ReadOnlyMemory<byte> operation, CancellationToken cancellationToken);

    /// <summary>Asks for an account.</summary>
    Task<Result<RegistrationView, Refusal>> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken);

    /// <summary>An account.</summary>
    Task<Result<AccountView, Refusal>> FindAccountAsync(uint account, CancellationToken cancellationToken);

    /// <summary>What has become of an operation.</summary>
    Task<Result<OperationView, Refusal>> FindOperationAsync(Bytes32 operation, CancellationToken cancellationToken);
}
