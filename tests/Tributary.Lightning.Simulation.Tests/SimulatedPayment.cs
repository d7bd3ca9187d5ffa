using Tributary.Lightning.Payments;
using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>A payment as the world knows it.</summary>
internal sealed class SimulatedPayment(SimulatedNode payer, SimulatedNode payee, PaymentOrder order)
{
    internal SimulatedNode Payer => payer;

    internal SimulatedNode Payee => payee;

    internal PaymentOrder Order => order;

    internal Bytes32 Hash => order.PaymentHash;

    /// <summary>Of a hold invoice: what settles it.</summary>
    internal Bytes32? Preimage { get; init; }
}
