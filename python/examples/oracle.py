"""Answers the truth as its perception; the shared planner drives: the same bits as --driver oracle."""
import huntsman


class Oracle(huntsman.Driver):
    truth = True
    perception_alone = True

    def drive(self, observation):
        return huntsman.Action(perception=observation.truth)


if __name__ == "__main__":
    Oracle().serve()
