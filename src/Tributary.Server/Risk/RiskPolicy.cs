namespace Tributary.Server.Risk;

/// <summary>The policy of a server whose operator has written none.</summary>
internal static class RiskPolicy
{
    /// <summary>
    /// Lists decide in both modes. Velocities decide about real money only: tests repeat themselves. A score decides nothing before 200 bad outcomes are
    /// confirmed; until then it sends to review.
    /// </summary>
    public const string Default = """
        policy 'Server, default'

        # A decision takes well below a millisecond. Who ships at once writes "then hold" here.
        budget 500 ms then fail open

        at confirm {
          block   if :customer: in list(blocked_customers)   because 'the customer is on the list of blocked customers'
          block   if :card: in list(blocked_cards)           because 'the card is on the list of blocked cards'
          block   if :device: in list(blocked_devices)       because 'the device is on the list of blocked devices'
          block   if :address: in list(blocked_addresses)    because 'the address is on the list of blocked addresses'
          allow   if :customer: in list(trusted_customers)   because 'the customer is on the list of trusted customers'
          block   if :is_live: = true and :device_cards_1h: >= 8        because 'card testing: eight cards from one device within an hour'
          step_up if :is_live: = true and :device_cards_1h: >= 3        because 'three cards from one device within an hour'
          step_up if :is_live: = true and :address_cards_1h: >= 8       because 'eight cards from one address within an hour'
          step_up if :is_live: = true and :card_payments_10m: >= 5      because 'five payments by one card within ten minutes'
          review  if :is_live: = true and :card_customers_30d: >= 4     because 'one card of four customers within a month'
          review  if :is_live: = true and :device_customers_30d: >= 6   because 'one device of six customers within a month'
          block   if score >= 0.97                                      because 'the model is nearly certain'
          review  if score >= 0.8                                       because 'the model finds the payment risky'
        }

        otherwise allow
        """;
}
