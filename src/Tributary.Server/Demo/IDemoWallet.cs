using Tributary.Bitcoin.Addresses;
using Tributary.Lightning.Node.Reports;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Server.Demo;

/// <summary>
/// The shopper's wallet of test mode: a second Lightning node with coins that are worth nothing. It exists on regtest only, and live keys do not
/// reach it.
/// </summary>
internal interface IDemoWallet
{
    /// <summary>Pays a BOLT 11 invoice. A hold invoice stays unpaid until the payee decides: the answer comes when it has, or after the patience.</summary>
    /// <param name="invoice">BOLT 11.</param>
    /// <param name="amount">For an invoice without an amount.</param>
    /// <param name="patience">How long to wait for the payee.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Result<DemoPayment, Refusal>> PayInvoiceAsync(string invoice, MilliSatoshis? amount, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Pays an address; nothing is mined.</summary>
    Task<Result<DemoPayment, Refusal>> PayAddressAsync(Address address, Satoshis amount, CancellationToken cancellationToken);

    /// <summary>An invoice of the shopper, such as a refund is paid to.</summary>
    /// <param name="amount">Null where the payer decides.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Result<InvoiceReport, Refusal>> RequestAsync(MilliSatoshis? amount, string description, CancellationToken cancellationToken);

    /// <summary>A payment of the shopper's, in or out, by its hash; null where there is none.</summary>
    Task<PaymentReport?> FindAsync(string paymentHash, bool isOutgoing, CancellationToken cancellationToken);

    /// <summary>An address of the shopper, such as a refund is paid to.</summary>
    Task<Result<Address, Refusal>> NewAddressAsync(CancellationToken cancellationToken);

    /// <summary>Opens what the wallet needs: its node, and a channel with the merchant that can carry a payment.</summary>
    /// <returns>Null when it is there, or why not.</returns>
    Task<Refusal?> PrepareAsync(MilliSatoshis amount, CancellationToken cancellationToken);

    /// <summary>Mines blocks.</summary>
    /// <returns>Null when they are mined, or why not.</returns>
    Task<Refusal?> MineAsync(int blocks, CancellationToken cancellationToken);
}
