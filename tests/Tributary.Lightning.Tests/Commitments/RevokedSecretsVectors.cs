namespace Tributary.Lightning.Tests.Commitments;

/// <summary>BOLT 3, appendix D, "Storage Tests": the secrets in the order of their indices, from 2^48 - 1 down; all but the last of a wrong row are taken.</summary>
internal static class RevokedSecretsVectors
{
    internal static readonly TheoryData<string, bool, string[]> Rows = new()
    {
        {
            "correct sequence",
            true,
            [
                "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc",
                "c7518c8ae4660ed02894df8976fa1a3659c1a8b4b5bec0c4b872abeba4cb8964",
                "2273e227a5b7449b6e70f1fb4652864038b1cbf9cd7c043a7d6456b7fc275ad8",
                "27cddaa5624534cb6cb9d7da077cf2b22ab21e9b506fd4998a51d54502e99116",
                "c65716add7aa98ba7acb236352d665cab17345fe45b55fb879ff80e6bd0c41dd",
                "969660042a28f32d9be17344e09374b379962d03db1574df5a8a5a47e19ce3f2",
                "a5a64476122ca0925fb344bdc1854c1c0a59fc614298e50a33e331980a220f32",
                "05cde6323d949933f7f7b78776bcc1ea6d9b31447732e3802e1f7ac44b650e17",
            ]
        },
        {
            "#1 incorrect",
            false,
            [
                "02a40c85b6f28da08dfdbe0926c53fab2de6d28c10301f8f7c4073d5e42e3148",
                "c7518c8ae4660ed02894df8976fa1a3659c1a8b4b5bec0c4b872abeba4cb8964",
            ]
        },
        {
            "#2 incorrect (#1 derived from incorrect)",
            false,
            [
                "02a40c85b6f28da08dfdbe0926c53fab2de6d28c10301f8f7c4073d5e42e3148",
                "dddc3a8d14fddf2b68fa8c7fbad2748274937479dd0f8930d5ebb4ab6bd866a3",
                "2273e227a5b7449b6e70f1fb4652864038b1cbf9cd7c043a7d6456b7fc275ad8",
                "27cddaa5624534cb6cb9d7da077cf2b22ab21e9b506fd4998a51d54502e99116",
            ]
        },
        {
            "#3 incorrect",
            false,
            [
                "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc",
                "c7518c8ae4660ed02894df8976fa1a3659c1a8b4b5bec0c4b872abeba4cb8964",
                "c51a18b13e8527e579ec56365482c62f180b7d5760b46e9477dae59e87ed423a",
                "27cddaa5624534cb6cb9d7da077cf2b22ab21e9b506fd4998a51d54502e99116",
            ]
        },
        {
            "#4 incorrect (1,2,3 derived from incorrect)",
            false,
            [
                "02a40c85b6f28da08dfdbe0926c53fab2de6d28c10301f8f7c4073d5e42e3148",
                "dddc3a8d14fddf2b68fa8c7fbad2748274937479dd0f8930d5ebb4ab6bd866a3",
                "c51a18b13e8527e579ec56365482c62f180b7d5760b46e9477dae59e87ed423a",
                "ba65d7b0ef55a3ba300d4e87af29868f394f8f138d78a7011669c79b37b936f4",
                "c65716add7aa98ba7acb236352d665cab17345fe45b55fb879ff80e6bd0c41dd",
                "969660042a28f32d9be17344e09374b379962d03db1574df5a8a5a47e19ce3f2",
                "a5a64476122ca0925fb344bdc1854c1c0a59fc614298e50a33e331980a220f32",
                "05cde6323d949933f7f7b78776bcc1ea6d9b31447732e3802e1f7ac44b650e17",
            ]
        },
        {
            "#5 incorrect",
            false,
            [
                "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc",
                "c7518c8ae4660ed02894df8976fa1a3659c1a8b4b5bec0c4b872abeba4cb8964",
                "2273e227a5b7449b6e70f1fb4652864038b1cbf9cd7c043a7d6456b7fc275ad8",
                "27cddaa5624534cb6cb9d7da077cf2b22ab21e9b506fd4998a51d54502e99116",
                "631373ad5f9ef654bb3dade742d09504c567edd24320d2fcd68e3cc47e2ff6a6",
                "969660042a28f32d9be17344e09374b379962d03db1574df5a8a5a47e19ce3f2",
            ]
        },
        {
            "#6 incorrect (5 derived from incorrect)",
            false,
            [
                "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc",
                "c7518c8ae4660ed02894df8976fa1a3659c1a8b4b5bec0c4b872abeba4cb8964",
                "2273e227a5b7449b6e70f1fb4652864038b1cbf9cd7c043a7d6456b7fc275ad8",
                "27cddaa5624534cb6cb9d7da077cf2b22ab21e9b506fd4998a51d54502e99116",
                "631373ad5f9ef654bb3dade742d09504c567edd24320d2fcd68e3cc47e2ff6a6",
                "b7e76a83668bde38b373970155c868a653304308f9896692f904a23731224bb1",
                "a5a64476122ca0925fb344bdc1854c1c0a59fc614298e50a33e331980a220f32",
                "05cde6323d949933f7f7b78776bcc1ea6d9b31447732e3802e1f7ac44b650e17",
            ]
        },
        {
            "#7 incorrect",
            false,
            [
                "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc",
                "c7518c8ae4660ed02894df8976fa1a3659c1a8b4b5bec0c4b872abeba4cb8964",
                "2273e227a5b7449b6e70f1fb4652864038b1cbf9cd7c043a7d6456b7fc275ad8",
                "27cddaa5624534cb6cb9d7da077cf2b22ab21e9b506fd4998a51d54502e99116",
                "c65716add7aa98ba7acb236352d665cab17345fe45b55fb879ff80e6bd0c41dd",
                "969660042a28f32d9be17344e09374b379962d03db1574df5a8a5a47e19ce3f2",
                "e7971de736e01da8ed58b94c2fc216cb1dca9e326f3a96e7194fe8ea8af6c0a3",
                "05cde6323d949933f7f7b78776bcc1ea6d9b31447732e3802e1f7ac44b650e17",
            ]
        },
        {
            "#8 incorrect",
            false,
            [
                "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc",
                "c7518c8ae4660ed02894df8976fa1a3659c1a8b4b5bec0c4b872abeba4cb8964",
                "2273e227a5b7449b6e70f1fb4652864038b1cbf9cd7c043a7d6456b7fc275ad8",
                "27cddaa5624534cb6cb9d7da077cf2b22ab21e9b506fd4998a51d54502e99116",
                "c65716add7aa98ba7acb236352d665cab17345fe45b55fb879ff80e6bd0c41dd",
                "969660042a28f32d9be17344e09374b379962d03db1574df5a8a5a47e19ce3f2",
                "a5a64476122ca0925fb344bdc1854c1c0a59fc614298e50a33e331980a220f32",
                "a7efbc61aac46d34f77778bac22c8a20c6a46ca460addc49009bda875ec88fa4",
            ]
        },
    };
}
