using Tributary.Crypto;
using Tributary.Lightning.Node;

namespace Tributary.Payments.Rails.Lightning;

/// <summary>The node that the Lightning rail works on.</summary>
/// <param name="Node">The merchant's node.</param>
/// <param name="PreimageSecret">What preimages of invoices are derived from: 32 bytes that come from the node's own words, so that they survive with it.</param>
public sealed record LightningBackend(ILightningNode Node, SecretBytes PreimageSecret);
