using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Demo;

/// <summary>Makes blocks on a regtest chain.</summary>
internal interface IMiner
{
    /// <summary>Mines blocks.</summary>
    /// <param name="blocks">1 to 1,000.</param>
    /// <param name="payTo">Who gets the subsidies.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when they are mined, or why not.</returns>
    Task<Refusal?> MineAsync(int blocks, Script payTo, CancellationToken cancellationToken);
}
