"""Yes/no questions in other words than the sentence's: opposites, what failed, what is free."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Says = Callable[[str, str], str | None]


@pytest.mark.parametrize(("text", "question", "allowed"), [
    ("Divers tried in vain to raise the wreck.", "Did divers raise the wreck?", ("no",)),
    ("Divers tried to raise the wreck, but without success.",
     "Did the divers manage to raise the wreck?", ("no",)),
    ("Divers tried in vain to raise the wreck.",
     "Did divers try to raise the wreck?", ("yes", None)),
    ("The barge was refloated after an attempt to move it by road failed.",
     "Was the barge refloated?", ("yes", None)),
    ("Villagers signed a petition to save the lido, to no avail.",
     "Did the petition save the lido?", ("no",)),
    ("Villagers signed a petition to save the lido, to no avail.",
     "Did villagers sign a petition to save the lido?", ("yes", None)),
    ("Divers searched in vain for the bell until the crew of a tug found it.",
     "Did the crew of the tug find the bell?", ("yes", None)),
    ("The divers managed to raise the wreck.",
     "Were the divers able to raise the wreck?", ("yes",)),
    ("The divers were unable to raise the wreck.",
     "Did the divers succeed in raising the wreck?", ("no", None)),
    ("Attendance in Marle did not change.", "Did attendance in Marle rise?", ("no",)),
    ("Attendance in Marle was unchanged.", "Did attendance in Marle improve?", ("no",)),
    ("There was no measurable change in attendance.", "Did attendance get better?", ("no",)),
    ("Rents were unchanged in May but rose in June.", "Did rents rise?", ("yes", None)),
    ("Attendance rose by a tenth; the fees did not change.", "Did attendance rise?", ("yes", None)),
    ("The fair was cancelled despite a petition.", "Did the fair go ahead?", ("no",)),
    ("Readers signed a petition to save the library, which failed to gather enough names.",
     "Did readers sign a petition?", ("yes", None)),
    ("The petition to save the library succeeded where the appeal failed.",
     "Did the petition save the library?", ("yes", None)),
    ("A petition to save the library and an appeal to keep its staff, in vain, were sent.",
     "Did the appeal save the library?", ("no", None)),
    ("The strike failed to stop the sale of the mill.",
     "Did the strike stop the sale of the mill?", ("no",)),
    ("The number of visitors did not change, said the keeper who fell.",
     "Did the number of visitors fall?", ("no", None)),
])
def test_what_was_tried_in_vain_or_did_not_change(
    says: Says, text: str, question: str, allowed: tuple[str | None, ...]
) -> None:
    assert says(text, question) in allowed


@pytest.mark.parametrize(("text", "question", "allowed"), [
    ("Entry to the gardens is free.", "Can people visit the gardens without paying?", ("yes",)),
    ("Entry to the gardens is free.", "Do people have to pay to visit the gardens?", ("no",)),
    ("Entry to the gardens is free of charge.",
     "Is there a charge for entry to the gardens?", ("no",)),
    ("Entry to the gardens is free for members.",
     "Is entry to the gardens free for children?", (None,)),
    ("Members enter the gardens free; visitors pay six crowns.",
     "Do visitors have to pay to enter the gardens?", ("yes", None)),
    ("The chapel is free, but the crypt costs four crowns.",
     "Do people have to pay to see the crypt?", ("yes", None)),
    ("The free concert drew 300 people who paid for parking.",
     "Do people have to pay to see the concert?", ("no", None)),
    ("Staff will continue to be paid in full.", "Will the staff be paid?", ("yes",)),
    ("Staff were sent home on full pay.", "Do the workers get their wages?", ("yes",)),
    ("Staff were sent home without pay.", "Do the workers get their wages?", ("no",)),
    ("Staff were sent home and will not be paid.", "Do the workers get their wages?", ("no",)),
    ("The workers demanded higher wages.", "Do the workers get their wages?", (None,)),
    ("The board raised fees and cut wages.", "Did the board cut fees?", ("no", None)),
    ("The board raised fees and cut wages.", "Did the board raise wages?", ("no", None)),
    ("Staff were paid until the mill closed.", "Do the staff get their wages?", ("no", None)),
    ("Can you visit the tower? The tower is free on Sundays.",
     "Can people visit the tower without paying?", (None,)),
    ("The tower is open and free to all.", "Do you have to pay to see the tower?", ("no",)),
])
def test_what_is_free_is_not_paid_for(
    says: Says, text: str, question: str, allowed: tuple[str | None, ...]
) -> None:
    assert says(text, question) in allowed


@pytest.mark.parametrize(("text", "question", "allowed"), [
    ("An attempt to refloat the barge failed.", "Was the barge refloated?", ("no",)),
    ("Attendance rose by a tenth, while fees stayed the same.", "Did fees go up?", ("no", None)),
    ("Attendance rose by a tenth, while fees stayed the same.",
     "Did attendance go up?", ("yes", None)),
    ("Odo Finch voted against the toll.", "Was Odo Finch opposed to the toll?", ("yes",)),
    ("Odo Finch voted against the toll.", "Was Odo Finch in favour of the toll?", ("no",)),
    ("Odo Finch spoke out against the toll.", "Did Odo Finch support the toll?", ("no",)),
    ("Odo Finch is in favour of the toll.", "Does Odo Finch support the toll?", ("yes",)),
    ("Odo Finch dropped his opposition to the toll.", "Is Odo Finch opposed to the toll?", (None,)),
    ("Odo Finch voted against the bill, which supports the toll.",
     "Does Odo Finch support the toll?", (None,)),
    ("The inquiry cleared the pilot.", "Did the inquiry blame the pilot?", ("no",)),
    ("The inquiry blamed the pilot.", "Did the inquiry clear the pilot?", ("no",)),
    ("The inquiry found that the pilot was to blame.", "Was the pilot to blame?", ("yes",)),
    ("The snow was cleared by the pilot.", "Was the pilot blamed for the snow?", ("yes", None)),
    ("The study did not show that walkers slept longer.",
     "Did the study find that walkers sleep longer?", ("no",)),
    ("The study showed that walkers slept longer.",
     "Did the study find that walkers sleep longer?", ("yes",)),
    ("The study showed walkers a film of sleep.",
     "Did the study find that walkers sleep?", (None,)),
    ("Dogs are banned from the beach.", "Are dogs allowed on the beach?", ("no",)),
    ("Dogs are allowed on the beach.", "Are dogs banned from the beach?", ("no",)),
    ("Dogs are banned from the beach in May, but allowed in June.",
     "Are dogs allowed on the beach in June?", ("yes", None)),
    ("The statue was left unharmed by the blaze.", "Was the statue harmed?", ("no",)),
    ("The crew escaped unhurt.", "Was the crew hurt?", ("no",)),
    ("The union sold its hall.", "Did the union sell its hall?", ("yes",)),
    ("The choir uncovered a plot.", "Did the choir cover a plot?", (None,)),
    ("The driver was hurt; the passengers were unhurt.", "Was the driver hurt?", ("yes", None)),
    ("The driver was hurt, but the passengers were unhurt.",
     "Were the passengers hurt?", ("no", None)),
    ("The dam withstood the flood.", "Did the dam hold?", ("yes",)),
    ("The dam burst at noon.", "Did the dam hold?", ("no",)),
    ("The tower remained standing.", "Did the tower survive?", ("yes",)),
    ("The mayor held a meeting at the dam.", "Did the dam hold?", (None,)),
    ("The patient's sight improved.", "Did the patient's sight get worse?", ("no",)),
    ("The clerk admitted the theft.", "Did the clerk deny the theft?", ("no", None)),
    ("The council rejected the plan for a marina.",
     "Did the council approve the plan for a marina?", ("no",)),
    ("The council rejected a plan by the firm that approved the marina.",
     "Did the council approve the marina?", ("no", None)),
    ("The fair went ahead despite the storm.", "Was the fair cancelled?", ("no",)),
    ("The measles virus passes easily from one person to another.",
     "Is measles contagious?", ("yes", None)),
    ("The barge collapsed at noon, but the pier held.", "Did the pier hold?", ("yes", None)),
    ("The pier held a barge that collapsed.", "Did the pier collapse?", ("no", None)),
    ("Workers at the mill were sacked and later hired by the quarry.",
     "Did the quarry sack the workers?", ("no", None)),
    ("The critics praised the play and condemned its ending.",
     "Did the critics condemn the play?", ("no", None)),
    ("The crew was rescued unhurt after the mate was hurt.", "Was the crew hurt?", ("no", None)),
    ("The mill remained unsold, and the barn was sold.", "Was the barn sold?", ("yes", None)),
    ("The cliff path was not unsafe.", "Is the cliff path safe?", ("yes", None)),
    ("Sales improved at first, then worsened.", "Did sales improve?", ("yes", None)),
    ("The minister lost the vote, but her deputy survived.",
     "Did the minister survive?", ("no", None)),
    ("Pets are allowed in the garden and banned in the hall.",
     "Are pets banned in the garden?", ("no", None)),
    ("Pets are allowed in the garden and banned in the hall.",
     "Are pets allowed in the hall?", ("no", None)),
    ("The law that bans pets was lifted.", "Are pets banned?", ("no", None)),
    ("The ban on pets was lifted.", "Are pets banned?", ("no", None)),
    ("After the vaccine trial, doctors concluded that the jab was safe.",
     "Did doctors conclude that the vaccine was safe?", ("yes",)),
    ("The residents of Orrin objected to the mast.",
     "Were the villagers against the mast?", ("yes", None)),
    ("Ada Prow spoke out against the mast, but Ben Toll was in favour of it.",
     "Was Ben Toll against the mast?", ("no", None)),
    ("Ada Prow spoke out against the mast, but Ben Toll was in favour of it.",
     "Was Ada Prow in favour of the mast?", ("no", None)),
    ("Ada Prow, who was against the mast, was sacked.",
     "Was Ada Prow opposed to the mast?", ("yes",)),
    ("Ada Prow voted for the mast.", "Was Ada Prow opposed to the mast?", ("no",)),
    ("Ada Prow was opposed to the mast at first.",
     "Is Ada Prow opposed to the mast?", ("no", None)),
    ("The shop extended its hours.", "Did the shop cut its hours?", ("no", None)),
    ("Ann gave a ring to Ben.", "Did Ann give a ring to Ben?", ("yes",)),
    ("Ann lost the ring of Ben.", "Did Ann give the ring to Ben?", (None,)),
])
def test_opposites_say_no_of_the_same_thing_only(
    says: Says, text: str, question: str, allowed: tuple[str | None, ...]
) -> None:
    assert says(text, question) in allowed
