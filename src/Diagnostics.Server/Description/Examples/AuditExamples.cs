using System.Text.Json.Nodes;
using Diagnostics.Engine.Audit;
using Diagnostics.UseCases.Audit;
using Diagnostics.UseCases.Execution;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on the audit trail for the API description.</summary>
internal static class AuditExamples
{
    internal static IEnumerable<Example> All =>
        [
            Gives(
                "ListAudit",
                new Page<AuditRecord>(
                    [
                        new(
                            412,
                            ExampleStory.Approved,
                            ExampleStory.Account.ToString("D"),
                            "application.approved",
                            $"application:{ExampleStory.Application:D}",
                            new JsonObject
                            {
                                ["sessionId"] = ExampleStory.Session.ToString("D"),
                                ["seat"] = 7,
                                ["variant"] = 2,
                            },
                            "1f4c6b0de1b7a94e6a55d9a2c07f3b8811f0e2d3c4b5a69788796a5b4c3d2e1f",
                            "9b2d7c51e0f4a83b6c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40516273"
                        ),
                    ],
                    "412"
                )
            ),
            Gives("ListLooks", new Page<PersonLook>([new(ExampleStory.Approved, "application.viewed", LookedBy.Staff)], null)),
            Gives(
                "VerifyAudit",
                new AuditVerification(false, 411, 37, 0, new(412, AuditFault.ContentChanged, VerifyAudit.Detail(AuditFault.ContentChanged)))
            ),
        ];
}
