using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;

namespace Tributary.Rollup.Operating;

/// <summary>The operator of this process, asked without a network and from the loop that opens batches.</summary>
/// <param name="desk">What callers from outside see.</param>
public sealed class DeskOperator(RollupDesk desk) : IRollupOperator
{
    /// <inheritdoc/>
    public string Name => "this operator";

    /// <inheritdoc/>
    public Task<Result<RollupView, Refusal>> DescribeAsync(CancellationToken cancellationToken) => Task.FromResult<Result<RollupView, Refusal>>(desk.Describe());

    /// <inheritdoc/>
    public Task<Result<ReceiptView, Refusal>> SubmitAsync(ReadOnlyMemory<byte> operation, CancellationToken cancellationToken) => desk.SubmitAsync(operation, waits: false);

    /// <inheritdoc/>
    public Task<Result<RegistrationView, Refusal>> RegisterAsync(RegistrationRequest request, CancellationToken cancellationToken) => desk.RegisterAsync(request);

    /// <inheritdoc/>
    public Task<Result<AccountView, Refusal>> FindAccountAsync(uint account, CancellationToken cancellationToken) =>
        Task.FromResult<Result<AccountView, Refusal>>(desk.FindAccount(account) is { } view ? view : new Refusal("account", $"{account} is not registered"));

    /// <inheritdoc/>
    public Task<Result<OperationView, Refusal>> FindOperationAsync(Bytes32 operation, CancellationToken cancellationToken) =>
        Task.FromResult<Result<OperationView, Refusal>>(desk.FindOperation(operation));
}
