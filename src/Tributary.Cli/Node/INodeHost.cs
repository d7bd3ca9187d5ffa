using Tributary.Bitcoin.Addresses;
using Tributary.Cli.Node.Views;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Node;

/// <summary>What commands ask of the process around the node.</summary>
internal interface INodeHost
{
    /// <summary>Mines blocks, where the chain is the embedded one.</summary>
    Task<Result<MinedView, Refusal>> MineAsync(int blocks, Address? payTo, CancellationToken cancellationToken);

    /// <summary>Ends the process once this call is answered.</summary>
    void Stop();
}
