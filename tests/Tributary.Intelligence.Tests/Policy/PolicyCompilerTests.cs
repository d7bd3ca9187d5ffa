using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Syntax;
using Tributary.Testing;

namespace Tributary.Intelligence.Tests.Policy;

public sealed class PolicyCompilerTests
{
    private const string Example = """
        policy 'Shop, default'
        # Abroad means that the card and the address do not agree.
        let abroad = :ip_country: != :country:
        budget 20 ms then hold
        at checkout, confirm {
          allow   if :card: in list(trusted)
          block   if :ip_country: in ('KP', 'IR')  because 'not served'  shown as method_unavailable
          block   if :amount_eur: > 500 and :card_count_1h: > 3 and not in list(trusted)
          step_up if count per card in 1h >= 3 because 'card testing'
          review  if score >= 0.8 or (abroad and :amount_eur: > 200)
          shadow block if score >= 0.95
        }
        at payout { budget 2 s then fail closed otherwise review }
        otherwise allow
        """;

    [Fact]
    public void The_documented_example_compiles_and_decides()
    {
        var policy = Shop.Compile(Example);
        Assert.Equal("Shop, default", policy.Name);
        Assert.Equal(8, policy.Rules.Length);
        Assert.Equal(Verdict.Allow, new Shop().Decide(policy).Verdict);
        Assert.Equal(Verdict.Review, new Shop().Decide(policy, DecisionPoint.Payout).Verdict);
        Assert.Equal(Verdict.Review, new Shop().WithScore(0.8).Decide(policy).Verdict);
        Assert.Equal(Verdict.StepUp, new Shop().WithFeature("card_count_1h", 3).Decide(policy).Verdict);
        var blocked = new Shop().With("ip_country", Tributary.Intelligence.Policy.Evaluation.FactValue.Of("KP")).Decide(policy);
        Assert.Equal(Verdict.Block, blocked.Verdict);
        var rule = policy.Rules[blocked.Rule];
        Assert.Equal(("not served", PayerCategory.MethodUnavailable, 7), (rule.Because, rule.Category, rule.Line));
        Assert.Equal(":ip_country: in ('KP', 'IR')", rule.Condition);
        Assert.Equal(["ip_country"], rule.Attributes);
    }

    [Fact]
    public void Budgets_hold_for_their_points_and_the_general_one_for_the_rest()
    {
        var policy = Shop.Compile(Example);
        Assert.Equal(new DecisionBudget(TimeSpan.FromMilliseconds(20), ExhaustedBudget.Hold), policy.BudgetFor(DecisionPoint.Checkout));
        Assert.Equal(new DecisionBudget(TimeSpan.FromSeconds(2), ExhaustedBudget.FailClosed), policy.BudgetFor(DecisionPoint.Payout));
        Assert.Equal(DecisionBudget.Default, Shop.Compile("otherwise allow").BudgetFor(DecisionPoint.Refund));
        var late = Shop.Compile("at refund { budget 1 s then fail open } budget 5 ms then hold");
        Assert.Equal(ExhaustedBudget.FailOpen, late.BudgetFor(DecisionPoint.Refund).WhenSpent);
        Assert.Equal(ExhaustedBudget.Hold, late.BudgetFor(DecisionPoint.SignIn).WhenSpent);
    }

    [Theory]
    [InlineData("block if :amout_eur: > 5", 1, 10, "amount_eur", "")]
    [InlineData("block if :country: > 5", 1, 22, "a text", "quotes")]
    [InlineData("block if :country: = DE", 1, 22, "DE", "quotes")]
    [InlineData("block if :amount_eur: > '5'", 1, 25, "a text", "without quotes")]
    [InlineData("block if :amount_eur: > 5.005", 1, 25, "2 decimals", "Round")]
    [InlineData("block if :amount_eur: > :amount_btc:", 1, 25, "BTC", "one unit")]
    [InlineData("block if :amount_eur: > :attempts:", 1, 25, "whole number", "one unit")]
    [InlineData("block if :amount_eur:", 1, 10, "amount in EUR", "Compare")]
    [InlineData("block if :country: < 'DE'", 1, 10, "no order", "=")]
    [InlineData("block if :is_guest: > 1", 1, 23, "number", "directly")]
    [InlineData("block if not :country:", 1, 14, "a text", "Compare")]
    [InlineData("block if in list(trust)", 1, 10, "trusted", "Lists are")]
    [InlineData("block if :amount: in list(trusted)", 1, 10, "a number", "text attribute")]
    [InlineData("block if in ('DE')", 1, 13, "no list", "in list")]
    [InlineData("block if :country: in ()", 1, 10, "no values", "at least one")]
    [InlineData("block if :country: in (:ip_country:)", 1, 24, "plain values", "or")]
    [InlineData("block if :country: in (1)", 1, 24, "a number", "quotes")]
    [InlineData("block if :attempts: in (1, 2.5)", 1, 28, "fractions", "out")]
    [InlineData("block if :is_guest: in (1)", 1, 10, "true or false", "directly")]
    [InlineData("block if :device: = 'fone'", 1, 21, "phone", "values are")]
    [InlineData("block if :device: in ('phone', 'tv')", 1, 32, "tv", "values are")]
    [InlineData("block if 1 < :attempts: < 5", 1, 25, "chain", "between")]
    [InlineData("block if :attempts: is 5", 1, 24, "missing", "=")]
    [InlineData("block if :attempts: between 1 or 5", 1, 31, "and", "between 1 and 5")]
    [InlineData("block if :country: between 1 and 5", 1, 10, "a text", "in")]
    [InlineData("block if :amount: contains 'a'", 1, 10, "a number", "text")]
    [InlineData("block if :country: starts 'a'", 1, 27, "with", "starts with")]
    [InlineData("block if :country: + 1 > 2", 1, 10, "a text", "Compare")]
    [InlineData("block if -:country: = 'a'", 1, 11, "a text", "not")]
    [InlineData("block if maxi(:attempts:, 2) > 1", 1, 10, "max", "Functions")]
    [InlineData("block if max(:attempts:) > 1", 1, 10, "two numbers", "max")]
    [InlineData("block if abs(:country:) > 1", 1, 10, "one number", "abs")]
    [InlineData("block if length(:attempts:) > 1", 1, 10, "one text", "length")]
    [InlineData("block if count per card in 2h > 1", 1, 10, "2h", "1h, 1d")]
    [InlineData("block if count per cart in 1h > 1", 1, 10, "card", "card")]
    [InlineData("block if mean(amount) per card in 1h > 1", 1, 10, "mean(amount)", "sum(amount)")]
    [InlineData("block if count per card > 1", 1, 25, "window", "in 1h")]
    [InlineData("block if count per card in 1 fortnight > 1", 1, 30, "unit", "ms")]
    [InlineData("block :amount: > 1", 1, 7, "condition", "block if")]
    [InlineData("block if", 1, 9, "value", "attribute")]
    [InlineData("block if (:attempts: > 1", 1, 25, "not closed", ")")]
    [InlineData("block if :attempts: > 1)", 1, 24, "end", "and or or")]
    [InlineData("block if :attempts: > 1 :is_guest:", 1, 25, "end", "and or or")]
    [InlineData("block if :attempts > 1", 1, 10, "colon", ":amount:")]
    [InlineData("block if : attempts : > 1", 1, 10, "colon", ":amount:")]
    [InlineData("block if attempts > 1", 1, 10, "attribute", ":attempts:")]
    [InlineData("block if :country: = “DE”", 1, 22, "language", "straight")]
    [InlineData("block if :attempts: ≥ 5", 1, 21, "language", ">=")]
    [InlineData("block if score > 80%", 1, 20, "language", "0.8")]
    [InlineData("block if :country: = 'DE", 1, 22, "does not end", "Close")]
    [InlineData("block if @trusted", 1, 10, "where a value", "in @trusted")]
    [InlineData("deny if score > 1", 1, 1, "statement", "block")]
    [InlineData("otherwise", 1, 10, "verdict", "allow")]
    [InlineData("otherwise block if true", 1, 17, "no condition", "otherwise")]
    [InlineData("otherwise allow otherwise block", 1, 17, "already", "one")]
    [InlineData("budget 5 then hold", 1, 10, "unit", "ms")]
    [InlineData("budget 5 ms", 1, 12, "spent", "then hold")]
    [InlineData("budget 5 ms then wait", 1, 18, "spent", "then hold")]
    [InlineData("budget 0 ms then hold", 1, 8, "range", "zero")]
    [InlineData("budget 5 ms then hold budget 6 ms then hold", 1, 23, "already", "one")]
    [InlineData("at cart { otherwise allow }", 1, 4, "decision point", "checkout")]
    [InlineData("at checkout otherwise allow", 1, 13, "braces", "{")]
    [InlineData("at checkout { otherwise allow", 1, 1, "not closed", "}")]
    [InlineData("at checkout { at refund { } }", 1, 15, "inside", "Close")]
    [InlineData("let score_high = score > 1 let score_high = true", 1, 28, "twice", "name")]
    [InlineData("let amount = 5", 1, 1, "attribute", "name")]
    [InlineData("let block = 5", 1, 5, "name of the definition", "word of the language")]
    [InlineData("at refund { let a = 5 }", 1, 17, "outside", "top")]
    [InlineData("list trusted of card", 1, 1, "not made", "in list")]
    [InlineData("otherwise allow policy 'x'", 1, 24, "once", "top")]
    [InlineData("block if score > 1 because 5", 1, 28, "text", "because")]
    [InlineData("block if score > 1 shown as rude", 1, 29, "payer", "declined")]
    [InlineData("block if score > 1 &", 1, 20, "language", "and")]
    [InlineData("block if :attempts: > 1234567890123456789", 1, 23, "too long", "18 digits")]
    [InlineData("block if :amount_btc: > 99999999999999999", 1, 25, "too large", "smaller")]
    public void An_error_names_its_place_what_is_wrong_and_what_to_do(string text, int line, int column, string message, string advice)
    {
        var error = Shop.Errors(text)[0];
        Assert.Equal((line, column), (error.Span.Line, error.Span.Column));
        Assert.Contains(message, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(advice, error.Advice, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void One_save_shows_every_error_in_order()
    {
        var errors = Shop.Errors("block if :x: > 1 and :y: > 2\nreview if\n\nallow if :country: = 5 shown as rude\notherwise perhaps");
        Assert.Equal([(1, 10), (1, 22), (4, 1), (4, 33), (5, 11)], errors.Select(error => (error.Span.Line, error.Span.Column)));
    }

    [Theory]
    [InlineData("block if :attempts: > 5 and :attempts: < 3", "never fires")]
    [InlineData("block if :country: = 'DE' and :country: in ('FR', 'IT')", "never fires")]
    [InlineData("block if false", "never fires")]
    [InlineData("block if 1 > 2 or :attempts: between 3 and 1", "never fires")]
    [InlineData("review if score > 0.8 block if score >= 0.9", "never reached")]
    [InlineData("review if score > 0.8 block if score > 0.9 and :is_guest:", "never reached")]
    [InlineData("allow if :country: in ('DE', 'FR') block if :country: = 'DE' and :attempts: > 5", "never reached")]
    [InlineData("block if :is_guest: allow if :is_guest:", "never reached")]
    [InlineData("allow if true block if score > 0.9", "never reached")]
    public void A_rule_that_cannot_act_is_warned_of(string text, string warning)
    {
        var policy = Shop.Compile(text);
        Assert.Contains(policy.Warnings, diagnostic => !diagnostic.IsError && diagnostic.Message.Contains(warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("review if score > 0.9 block if score > 0.8")]
    [InlineData("at refund { review if score > 0.8 } block if score >= 0.9")]
    [InlineData("shadow review if score > 0.8 block if score >= 0.9")]
    [InlineData("review if score > 0.8 and :is_guest: block if score >= 0.9")]
    [InlineData("review if score > 0.9 block if score >= 0.9")]
    [InlineData("block if :attempts: >= 3 and :attempts: <= 3")]
    public void A_rule_that_can_act_is_not(string text) => Assert.Empty(Shop.Compile(text).Warnings);

    [Fact]
    public void Words_are_taken_in_any_case_and_line_ends_mean_nothing()
    {
        var policy = Shop.Compile("BLOCK\r\nIF :attempts:\r\n\t> 3 # many\r\nAND NOT :is_guest: = TRUE; Otherwise Review");
        Assert.Equal(Verdict.Review, new Shop().Decide(policy).Verdict);
        Assert.Equal(":attempts: > 3 AND NOT :is_guest: = TRUE", policy.Rules[0].Condition);
    }

    [Fact]
    public void A_policy_without_rules_allows()
    {
        var outcome = new Shop().Decide(Shop.Compile("# nothing yet"));
        Assert.Equal((Verdict.Allow, -1), (outcome.Verdict, outcome.Rule));
    }

    [Fact]
    public void Equal_texts_have_equal_hashes_and_other_texts_others()
    {
        Assert.Equal(Shop.Compile("otherwise allow").Hash, Shop.Compile("otherwise allow").Hash);
        Assert.NotEqual(Shop.Compile("otherwise allow").Hash, Shop.Compile("otherwise  allow").Hash);
    }

    [Fact]
    public void What_lies_beyond_a_bound_is_refused_and_costs_little()
    {
        Assert.Contains("characters", Shop.Errors(new string(' ', PolicyLimits.MaxTextLength + 1))[0].Message, StringComparison.Ordinal);
        Assert.Contains("rules", Shop.Errors(string.Concat(Enumerable.Range(0, 1_001).Select(i => $"block if :attempts: = {i}\n")))[0].Message, StringComparison.Ordinal);
        Assert.Contains("deep", Shop.Errors("block if " + new string('(', 60_000))[0].Message, StringComparison.Ordinal);
        Assert.Contains("deep", Shop.Errors("block if " + string.Concat(Enumerable.Repeat("not ", 60_000)) + "true")[0].Message, StringComparison.Ordinal);
        Assert.Contains("deep", Shop.Errors("block if " + string.Concat(Enumerable.Repeat("1 + ", 60_000)) + "1 > 2")[0].Message, StringComparison.Ordinal);
        Assert.Contains("deep", Shop.Errors("block if " + new string('-', 60_000) + "1 > 2")[0].Message, StringComparison.Ordinal);
        Assert.Contains("deep", Shop.Errors("block if " + string.Concat(Enumerable.Repeat("abs(", 60_000)))[0].Message, StringComparison.Ordinal);
        Assert.Contains("definitions", Shop.Errors(string.Concat(Enumerable.Range(0, 201).Select(i => $"let a{i} = {i}\n")))[0].Message, StringComparison.Ordinal);
        Assert.Contains("too long", Shop.Errors($"block if :country: = '{new string('x', 257)}'")[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_that_multiply_are_refused_by_their_cost()
    {
        var text = "let a0 = :attempts: > 1\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"let a{i} = a{i - 1} and a{i - 1}\n")) + "block if a40";
        Assert.Contains("steps", Shop.Errors(text)[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_rules_compile()
    {
        var policy = Shop.Compile(string.Concat(Enumerable.Range(0, 1_000).Select(i => $"block if :attempts: = {i + 5} and :country: = 'DE'\n")));
        Assert.Equal(1_000, policy.Rules.Length);
    }

    [Fact]
    public void Any_text_is_compiled_or_refused_with_a_place_inside_it()
    {
        Fuzz.Run(
            [
                System.Text.Encoding.UTF8.GetBytes(Example),
                "block if abs(:amount: - 3) / 0 > max(1, -score) or :country: not in ['a', \"b\"]"u8.ToArray(),
                "at sign_in and refund { shadow step_up if not (:attempts: is not missing) because 'x' shown as declined; }"u8.ToArray(),
                "let x = sum(amount) per card in 24h let y = x between 1 and 2 block if y && !y || in @trusted"u8.ToArray(),
            ],
            bytes =>
            {
                var text = System.Text.Encoding.UTF8.GetString(bytes);
                if (PolicyCompiler.Compile(text, Shop.Schema).TryGet(out var policy, out var errors))
                {
                    foreach (var point in Enum.GetValues<DecisionPoint>())
                        new Shop().Decide(policy, point);
                    return;
                }

                foreach (var error in errors.Diagnostics)
                {
                    if (error.Span.Start < 0 || error.Span.Start + error.Span.Length > text.Length || error.Span.Line < 1 || error.Span.Column < 1)
                        throw new InvalidOperationException(error.ToString());
                }
            },
            limits: new FuzzLimits(BytesPerInputByte: 4_096, Bytes: 1 << 18, InputBytesMax: 4_096));
    }
}
